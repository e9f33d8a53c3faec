package io.csi4j.e2e.sandbox.actors.node;

import io.csi4j.e2e.sandbox.actors.cluster.Events;
import io.csi4j.e2e.sandbox.actors.cluster.Kind;
import io.csi4j.e2e.sandbox.actors.loop.Actor;
import io.csi4j.e2e.sandbox.actors.loop.ActorTime;
import io.csi4j.e2e.sandbox.actors.loop.Attempts;
import io.csi4j.e2e.sandbox.actors.node.Operations.Operation;
import io.csi4j.e2e.sandbox.actors.view.Pod;
import io.csi4j.e2e.sandbox.actors.view.View;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A node's loop. Its memory is of this life only: what it must not forget is in directories, and a
 * new life finds it there.
 */
public final class Kubelet implements Actor {
  private static final Duration LOOK_FOR_PLUGINS = Duration.ofMillis(100);

  private final NodeOptions options;
  private final View view;
  private final Events events;
  private final NodePaths paths;
  private final NodeObjects objects;
  private final PluginWatcher watcher;
  private final Plugins plugins;
  private final Registration registration;
  private final Operations operations;
  private final Actual actual = new Actual();
  private final NodeVolumes volumes;
  private final PodStatuses statuses;
  private boolean begun;

  public Kubelet(NodeOptions options, KubeletParts parts, ActorTime time, Runnable wake) {
    this.options = options;
    this.view = parts.view();
    this.events = parts.events();
    this.paths = new NodePaths(options.root());
    this.objects = new NodeObjects(options, parts.client());
    this.plugins = new Plugins(parts.calls(), options.operationLimit());
    this.watcher = new PluginWatcher(paths.registry());
    this.registration = new Registration(parts.calls(), plugins, objects);
    this.operations = new Operations(options.name(), parts.spawn(), wake);
    this.statuses = new PodStatuses(parts.client(), time);
    this.volumes =
        new NodeVolumes(
            options,
            new NodeTools(
                paths,
                view,
                events,
                new InputReader(options, view, parts.client()),
                plugins,
                actual,
                operations,
                objects,
                statuses,
                new ClaimResizes(parts.client(), time)));
  }

  @Override
  public Instant pass(Instant now) {
    begin(now);
    operations.settle(now);
    lookForPlugins(now);
    var pods = view.pods().stream().filter(pod -> pod.nodeName().equals(options.name())).toList();
    var wanting = pods.stream().filter(pod -> !pod.terminated() && !pod.deleting()).toList();
    var wanted = volumes.pass(wanting, now);
    for (var pod : pods) {
      if (pod.deleting()) {
        end(pod, now);
      } else if (pod.phase().equals("Pending") && wanted.ready(pod)) {
        start(pod, wanted, now);
      }
    }
    return Attempts.earlier(
        Attempts.earlier(operations.next(now), volumes.next()), now.plus(LOOK_FOR_PLUGINS));
  }

  private void begin(Instant now) {
    if (begun) {
      return;
    }
    try {
      new Reconstruction(paths, actual).run();
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + options.root(), e);
    }
    objects.create(now);
    begun = true;
  }

  private void lookForPlugins(Instant now) {
    for (var driver : watcher.look()) {
      plugins.remove(driver);
      operations.start(Operation.free("unregister/" + driver, () -> leave(driver), _ -> {}), now);
    }
    for (var socket : watcher.pending()) {
      operations.start(Operation.free("register/" + socket, () -> enter(socket), _ -> {}), now);
    }
  }

  private OpResult enter(Path socket) {
    var driver = registration.register(socket);
    driver.ifPresent(name -> watcher.registered(socket, name));
    return driver.isPresent()
        ? new OpResult.Done()
        : new OpResult.Failed("not registered: " + socket);
  }

  private OpResult leave(String driver) {
    // It may have come back by another socket.
    if (!plugins.has(driver)) {
      objects.unregister(driver);
    }
    return new OpResult.Done();
  }

  private void start(Pod pod, NodeVolumes.Ready wanted, Instant now) {
    operations.start(
        Operation.free(
            "start/" + pod.uid(),
            () -> {
              var end = options.work().run(new PodWork.RunningPod(pod.json(), wanted.paths(pod)));
              if (end == PodWork.End.NONE) {
                statuses.running(pod);
                events.normal(Kind.POD, pod.json(), "Started", "Started containers");
              } else {
                statuses.ended(pod, end);
              }
              return new OpResult.Done();
            },
            reason -> events.warning(Kind.POD, pod.json(), "Failed", "Error: " + reason)),
        now);
  }

  /** Containers end at once; the pod goes when its volumes have. */
  private void end(Pod pod, Instant now) {
    if (!actual.mountedFor(pod.uid()) && !operations.isRunning("start/" + pod.uid())) {
      operations.start(
          Operation.free(
              "remove/" + pod.uid(),
              () -> {
                statuses.remove(pod);
                return new OpResult.Done();
              },
              _ -> {}),
          now);
    }
  }

  /** The drivers that are registered now. */
  public List<String> drivers() {
    return plugins.names().stream().sorted().toList();
  }

  /** What drivers last said of the volumes that are mounted. */
  public List<VolumeStats> stats() {
    return volumes.stats();
  }

  @Override
  public void ended() {
    operations.end();
  }
}
