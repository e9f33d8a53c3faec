package io.csi4j.e2e.cluster;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Every volume that was made while this was open, also those that are gone. */
final class VolumesSeen implements AutoCloseable {

  /** A PersistentVolume, by what it is called at the API server and in the driver. */
  record Volume(String namespace, String claim, String name, String handle) {

    /** kubelet's name for the folder that it is staged in. */
    String stagingFolder() {
      return sha256(handle);
    }
  }

  private final Map<String, Volume> byName = new ConcurrentHashMap<>();
  private final Watch watch;

  private VolumesSeen(KubernetesClient client) {
    this.watch =
        client
            .persistentVolumes()
            .watch(
                new Watcher<PersistentVolume>() {
                  @Override
                  public void eventReceived(Action action, PersistentVolume volume) {
                    see(volume);
                  }

                  @Override
                  public void onClose(@Nullable WatcherException cause) {}
                });
  }

  /** One that is written in a pod: it has no PersistentVolume, and kubelet gives the handle. */
  static Volume inline(String namespace, String podUid, String volume) {
    var handle = "csi-" + sha256(podUid + volume);
    return new Volume(namespace, volume, podUid, handle);
  }

  private static String sha256(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  static VolumesSeen by(KubernetesClient client) {
    return new VolumesSeen(client);
  }

  List<Volume> all() {
    return byName.values().stream().sorted((a, b) -> a.name().compareTo(b.name())).toList();
  }

  List<Volume> of(String namespace) {
    return all().stream().filter(volume -> volume.namespace().equals(namespace)).toList();
  }

  private void see(PersistentVolume volume) {
    var spec = volume.getSpec();
    if (spec != null && spec.getCsi() != null && spec.getClaimRef() != null) {
      var name = volume.getMetadata().getName();
      var claim = spec.getClaimRef();
      byName.put(
          name,
          new Volume(claim.getNamespace(), claim.getName(), name, spec.getCsi().getVolumeHandle()));
    }
  }

  @Override
  public void close() {
    watch.close();
  }
}
