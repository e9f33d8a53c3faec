package io.csi4j.e2e.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.storage.VolumeAttachment;
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

  /** Written by the watch of volumes, read by that of attachments. */
  private volatile String volume = "";

  Timeline(KubernetesClient client, String claimName) {
    watches =
        List.of(
            watch(
                client.persistentVolumes(),
                pv -> {
                  if (pv.getSpec().getClaimRef().getName().equals(claimName)) {
                    volume = pv.getMetadata().getName();
                    see("volume created (PV stored)");
                  }
                }),
            watch(
                client.persistentVolumeClaims().inNamespace("default").withName(claimName),
                this::claim),
            watch(client.storage().v1().volumeAttachments(), this::attachment),
            watch(client.pods().inNamespace("default").withName(claimName + "-writer"), this::pod));
  }

  private void claim(PersistentVolumeClaim claim) {
    see("claim created");
    var annotations = claim.getMetadata().getAnnotations();
    if (annotations.containsKey("volume.kubernetes.io/selected-node")) {
      see("node selected for the claim");
    }
    if (annotations.containsKey("volume.kubernetes.io/storage-provisioner")) {
      see("claim handed to the provisioner");
    }
    if ("Bound".equals(claim.getStatus().getPhase())) {
      see("claim bound");
    }
  }

  private void attachment(VolumeAttachment attachment) {
    if (volume.equals(attachment.getSpec().getSource().getPersistentVolumeName())) {
      see("attachment requested");
      if (attachment.getStatus() != null && attachment.getStatus().getAttached()) {
        see("attached");
      }
    }
  }

  private void pod(Pod pod) {
    see("pod created");
    if (pod.getSpec().getNodeName() != null) {
      see("pod scheduled");
    }
    if ("Running".equals(pod.getStatus().getPhase())) {
      see("pod Running");
    }
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
