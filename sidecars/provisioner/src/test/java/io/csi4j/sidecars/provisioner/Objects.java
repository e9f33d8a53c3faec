package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.CsiNode;
import io.csi4j.sidecars.kit.cluster.Node;
import io.csi4j.sidecars.kit.cluster.StorageClass;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Objects as tests need them. */
final class Objects {
  static final String DRIVER = "disk.example.com";
  static final String UID = "8384a425-2b0b-4242-94a6-c93257b8b2c4";

  private Objects() {}

  static Claim claim(Map<String, String> annotations) {
    return claim("data", annotations, "", false);
  }

  static Claim claim(
      String name, Map<String, String> annotations, String volume, boolean selector) {
    var meta =
        new Meta(new ObjectKey("ns", name), UID, "7", false, List.of(), annotations, Map.of());
    return new Claim(
        meta,
        "fast",
        "1Gi",
        List.of("ReadWriteOnce"),
        "Filesystem",
        volume,
        selector,
        null,
        null,
        "",
        "Pending");
  }

  static Claim claimWithoutUid() {
    var whole = claim(Map.of(Names.STORAGE_PROVISIONER, DRIVER));
    var meta =
        new Meta(whole.key(), "", "7", false, List.of(), whole.meta().annotations(), Map.of());
    return new Claim(
        meta,
        whole.className(),
        whole.requestedStorage(),
        whole.accessModes(),
        whole.volumeMode(),
        "",
        false,
        null,
        null,
        "",
        "Pending");
  }

  static Claim boundClaim() {
    return claim("data", Map.of(Names.STORAGE_PROVISIONER, DRIVER), "pvc-1", false);
  }

  static Claim claimWithSelector() {
    return claim("data", Map.of(Names.STORAGE_PROVISIONER, DRIVER), "", true);
  }

  static StorageClass storageClass(String bindingMode, Map<String, String> parameters) {
    return new StorageClass(
        meta("fast", Map.of()),
        DRIVER,
        parameters,
        "Delete",
        List.of("noatime"),
        bindingMode,
        List.of());
  }

  static Node node(String name, Map<String, String> labels) {
    return new Node(meta(name, labels));
  }

  static CsiNode csiNode(String name, String... topologyKeys) {
    return new CsiNode(
        meta(name, Map.of()),
        List.of(new CsiNode.Entry(DRIVER, name, Arrays.asList(topologyKeys))));
  }

  private static Meta meta(String name, Map<String, String> labels) {
    return new Meta(
        ObjectKey.cluster(name), "uid-" + name, "1", false, List.of(), Map.of(), labels);
  }
}
