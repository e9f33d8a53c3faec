package io.csi4j.e2e.sandbox.actors;

import io.csi4j.e2e.sandbox.actors.cluster.Kind;
import io.csi4j.e2e.sandbox.actors.loop.ActorTime;
import io.csi4j.e2e.sandbox.actors.loop.Loop;
import io.csi4j.e2e.sandbox.actors.node.Kubelet;
import io.csi4j.e2e.sandbox.actors.node.KubeletParts;
import io.csi4j.e2e.sandbox.actors.node.NodeOptions;
import io.csi4j.e2e.sandbox.actors.node.VolumeStats;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.json.Times;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One node and what can happen to it. */
public final class MiniNode {
  private final NodeOptions options;
  private final KubeletParts parts;
  private final ActorTime time;
  private final Loop loop;

  /** That of the life that began last. */
  private volatile @Nullable Kubelet kubelet;

  MiniNode(NodeOptions options, KubeletParts parts, ActorTime time) {
    this.options = options;
    this.parts = parts;
    this.time = time;
    try {
      Files.createDirectories(registry());
      Files.createDirectories(options.root().resolve("pods"));
    } catch (IOException e) {
      throw new UncheckedIOException("could not make the folders of " + options.name(), e);
    }
    this.loop = new Loop(options.name(), time, parts.spawn(), this::kubelet);
  }

  private Kubelet kubelet() {
    var born = new Kubelet(options, parts, time, this::wake);
    kubelet = born;
    return born;
  }

  /** How full the mounted volumes are. */
  public List<VolumeStats> stats() {
    var alive = kubelet;
    return alive == null ? List.of() : alive.stats();
  }

  private void wake() {
    loop.wake();
  }

  Loop loop() {
    return loop;
  }

  public String name() {
    return options.name();
  }

  public Path root() {
    return options.root();
  }

  /** Where plugins put their sockets to be found. */
  public Path registry() {
    return options.root().resolve("plugins_registry");
  }

  /** Kubelet forgets everything but its directories, and begins anew. */
  public void restartKubelet() {
    stopKubelet();
    startKubelet();
  }

  public void stopKubelet() {
    loop.close();
  }

  public void startKubelet() {
    loop.start();
  }

  /** The node dies: nothing runs on it any more, and the cluster notices. */
  public void fail() {
    stopKubelet();
    var patch = Json.object();
    patch
        .putObject("status")
        .putArray("conditions")
        .addObject()
        .put("type", "Ready")
        .put("status", "Unknown")
        .put("reason", "NodeStatusUnknown")
        .put("lastTransitionTime", Times.text(time.instant()));
    parts.client().patchStatus(Kind.NODE, "", options.name(), patch);
  }

  /** An administrator says that the node will not come back with anything mounted. */
  public void putOutOfService() {
    var patch = Json.object();
    patch
        .putObject("spec")
        .putArray("taints")
        .addObject()
        .put("key", "node.kubernetes.io/out-of-service")
        .put("value", "nodeshutdown")
        .put("effect", "NoExecute");
    parts.client().patch(Kind.NODE, "", options.name(), patch);
  }
}
