package io.csi4j.e2e.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.Watchable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** When each step on a claim's way to a file was first seen, by watches of its own. */
final class Timeline implements AutoCloseable {
  private final long started = System.nanoTime();

  /** Guarded by itself; in the order in which the steps were seen. */
  private final Map<String, Double> steps = new LinkedHashMap<>();

  private final List<Watch> watches;

  Timeline(KubernetesClient client, String namespace) {
    watches =
        List.of(
            watch(
                client.persistentVolumeClaims().inNamespace(namespace),
                claim -> {
                  see("claim created");
                  if (claim
                      .getMetadata()
                      .getAnnotations()
                      .containsKey("volume.kubernetes.io/selected-node")) {
                    see("node selected for the claim");
                  }
                  if (claim
                      .getMetadata()
                      .getAnnotations()
                      .containsKey("volume.kubernetes.io/storage-provisioner")) {
                    see("claim handed to the provisioner");
                  }
                  if ("Bound".equals(claim.getStatus().getPhase())) {
                    see("claim bound");
                  }
                }),
            watch(client.persistentVolumes(), _ -> see("volume created (PV stored)")),
            watch(
                client.storage().v1().volumeAttachments(),
                attachment -> {
                  see("attachment requested");
                  if (attachment.getStatus() != null && attachment.getStatus().getAttached()) {
                    see("attached");
                  }
                }),
            watch(
                client.pods().inNamespace(namespace),
                pod -> {
                  see("pod created");
                  if (pod.getSpec().getNodeName() != null) {
                    see("pod scheduled");
                  }
                  if ("Running".equals(pod.getStatus().getPhase())) {
                    see("pod Running");
                  }
                }));
  }

  /** Notes a step when it is seen for the first time. */
  void see(String step) {
    synchronized (steps) {
      steps.putIfAbsent(step, (System.nanoTime() - started) / 1e9);
    }
  }

  String table(String title) {
    synchronized (steps) {
      var text = new StringBuilder(title).append(System.lineSeparator());
      steps.entrySet().stream()
          .sorted(Map.Entry.comparingByValue())
          .forEach(
              step -> text.append("  %6.3f s  %s%n".formatted(step.getValue(), step.getKey())));
      return text.toString();
    }
  }

  @Override
  public void close() {
    for (var watch : watches) {
      watch.close();
    }
  }

  private static <T extends HasMetadata> Watch watch(Watchable<T> all, Consumer<T> seen) {
    return all.watch(
        new Watcher<T>() {
          @Override
          public void eventReceived(Action action, T object) {
            if (action == Action.ADDED || action == Action.MODIFIED) {
              seen.accept(object);
            }
          }

          @Override
          public void onClose(@Nullable WatcherException cause) {}
        });
  }
}
