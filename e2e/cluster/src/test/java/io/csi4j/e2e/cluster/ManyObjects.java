package io.csi4j.e2e.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.sidecars.kit.cluster.ApiCluster;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.KubeConfig;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.time.SystemTime;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/** 10,000 claims, volumes and attachments each, as large as those of a cluster in use. */
record ManyObjects(String driver, String policy) {
  private static final int EACH = 10_000;
  private static final int WRITERS = 48;

  /** Creates them all; the controller manager had better not look on. */
  void fill(Path kubeconfig) throws InterruptedException {
    try (var time = new SystemTime();
        var cluster = new ApiCluster(KubeConfig.load(kubeconfig.toString()), "fill", time)) {
      var started = System.nanoTime();
      var slots = new Semaphore(WRITERS);
      var left = new CountDownLatch(3 * EACH);
      for (var i = 0; i < EACH; i++) {
        create(cluster, Claim.KIND, claim(i), slots, left);
        create(cluster, Volume.KIND, volume(i), slots, left);
        create(cluster, Attachment.KIND, attachment(i), slots, left);
      }
      left.await();
      System.out.printf(
          "filled with %d objects in %.0f s%n", 3 * EACH, (System.nanoTime() - started) / 1e9);
    }
  }

  private static void create(
      ApiCluster cluster, Kind<?> kind, ObjectNode body, Semaphore slots, CountDownLatch left)
      throws InterruptedException {
    slots.acquire();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                cluster.create(kind, body);
              } finally {
                slots.release();
                left.countDown();
              }
            });
  }

  private ObjectNode claim(int i) {
    var claim = named("claim-" + i, "default", "kubernetes.io/pvc-protection");
    claim
        .withObject("/metadata/annotations")
        .put("volume.kubernetes.io/storage-provisioner", driver)
        .put("pv.kubernetes.io/bind-completed", "yes")
        .put("pv.kubernetes.io/bound-by-controller", "yes");
    claim.withObject("/spec").put("storageClassName", "fast").put("volumeName", "pv-" + i);
    claim.withObject("/spec").putArray("accessModes").add("ReadWriteOnce");
    claim.withObject("/spec/resources/requests").put("storage", "1Gi");
    return claim;
  }

  private ObjectNode volume(int i) {
    var volume =
        named(
            "pv-" + i,
            "",
            "external-provisioner.volume.kubernetes.io/finalizer",
            "kubernetes.io/pv-protection",
            "external-attacher/local-csi4j-io");
    volume
        .withObject("/metadata/annotations")
        .put("pv.kubernetes.io/provisioned-by", driver)
        .put("volume.kubernetes.io/provisioner-deletion-secret-name", "")
        .put("volume.kubernetes.io/provisioner-deletion-secret-namespace", "");
    var spec = volume.withObject("/spec");
    spec.put("storageClassName", "fast").put("persistentVolumeReclaimPolicy", policy);
    spec.putArray("accessModes").add("ReadWriteOnce");
    spec.putObject("capacity").put("storage", "1Gi");
    spec.putObject("claimRef").put("namespace", "default").put("name", "claim-" + i);
    var csi = spec.putObject("csi").put("driver", driver).put("fsType", "ext4");
    csi.put("volumeHandle", "57a0133cdd.398c3c15-8733-4fb7-b1f8-%012d".formatted(i));
    csi.putObject("volumeAttributes")
        .put("storage.kubernetes.io/csiProvisionerIdentity", "1764000000000-1234-" + driver);
    return volume;
  }

  private ObjectNode attachment(int i) {
    var attachment = named("csi-%064x".formatted(i), "", "external-attacher/local-csi4j-io");
    attachment.withObject("/metadata/annotations").put("csi.alpha.kubernetes.io/node-id", "n");
    var spec = attachment.withObject("/spec");
    spec.put("attacher", driver).put("nodeName", "node-" + i % 100);
    spec.putObject("source").put("persistentVolumeName", "pv-" + i);
    return attachment;
  }

  private static ObjectNode named(String name, String namespace, String... finalizers) {
    var object = JsonNodeFactory.instance.objectNode();
    var metadata = object.putObject("metadata").put("name", name);
    if (!namespace.isEmpty()) {
      metadata.put("namespace", namespace);
    }
    var list = metadata.putArray("finalizers");
    for (var finalizer : finalizers) {
      list.add(finalizer);
    }
    return object;
  }
}
