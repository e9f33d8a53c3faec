package io.csi4j.sidecars.provisioner;

import io.csi4j.proto.csi.v1.CapacityRange;
import io.csi4j.proto.csi.v1.CreateVolumeRequest;
import io.csi4j.proto.csi.v1.VolumeCapability;
import io.csi4j.proto.csi.v1.VolumeContentSource;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.Quantity;
import io.csi4j.sidecars.kit.cluster.StorageClass;
import io.csi4j.sidecars.kit.csi.AccessModes;
import io.csi4j.sidecars.kit.csi.AccessModes.Dialect;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Builds the driver's request from claim and class. Pure; what cannot be is an {@link
 * IllegalArgumentException}.
 */
record VolumeRequest(ProvisionerOptions.Naming naming, ShapingOptions shaping, Dialect dialect) {
  private static final String FS_TYPE = Names.RESERVED + "fstype";

  /** Keys with our prefix that mean something to us and not to the driver. */
  private static final Set<String> OURS =
      Set.of(
          "fstype",
          "secret-name",
          "secret-namespace",
          "provisioner-secret-name",
          "provisioner-secret-namespace",
          "controller-publish-secret-name",
          "controller-publish-secret-namespace",
          "node-stage-secret-name",
          "node-stage-secret-namespace",
          "node-publish-secret-name",
          "node-publish-secret-namespace",
          "controller-expand-secret-name",
          "controller-expand-secret-namespace",
          "node-expand-secret-name",
          "node-expand-secret-namespace",
          "controller-modify-secret-name",
          "controller-modify-secret-namespace");

  /** The volume's name, at the driver and in the cluster: a pure function of the claim's UID. */
  String nameOf(Claim claim) {
    var uid = claim.meta().uid();
    if (uid.isEmpty()) {
      throw new IllegalArgumentException("corrupted PVC object, it is missing UID");
    }
    if (naming.uuidLength() == 0) {
      return naming.prefix() + "-" + uid;
    }
    var bare = uid.replace("-", "");
    return naming.prefix() + "-" + bare.substring(0, Math.min(naming.uuidLength(), bare.length()));
  }

  /**
   * What is neither in the claim nor in its class.
   *
   * @param changeable parameters that may be changed later, empty if none
   * @param told parameters that say whose volume it is, empty if none
   */
  record Additions(
      TopologyChoice place,
      Content content,
      Map<String, String> changeable,
      Map<String, String> told) {}

  /**
   * What the volume is filled from, and what that takes at least.
   *
   * @param source missing where it is to be empty
   */
  record Content(@Nullable VolumeContentSource source, long bytesMin) {
    static final Content NONE = new Content(null, 0);
  }

  CreateVolumeRequest build(Claim claim, StorageClass storageClass, Additions additions) {
    var name = nameOf(claim);
    var bytes = Math.max(bytesOf(claim), additions.content().bytesMin());
    var source = additions.content().source();
    var request =
        CreateVolumeRequest.newBuilder()
            .setName(name)
            .setCapacityRange(CapacityRange.newBuilder().setRequiredBytes(bytes))
            .addAllVolumeCapabilities(capabilities(claim, storageClass))
            .putAllParameters(parameters(claim, storageClass, name))
            .putAllParameters(additions.told())
            .putAllParametersMutable(new TreeMap<>(additions.changeable()));
    if (additions.place() instanceof TopologyChoice.Places places) {
      request.setAccessibilityRequirements(places.message());
    }
    if (source != null) {
      request.setVolumeContentSource(source);
    }
    return request.build();
  }

  static long bytesOf(Claim claim) {
    return claim.requestedStorage().isEmpty() ? 0 : Quantity.bytes(claim.requestedStorage());
  }

  /** The file system that the volume shall have; empty where the driver may choose. */
  String fsType(StorageClass storageClass) {
    var given =
        storageClass.parameters().entrySet().stream()
            .filter(
                each ->
                    each.getKey().equals(FS_TYPE)
                        || each.getKey().toLowerCase(Locale.ROOT).equals("fstype"))
            .map(Map.Entry::getValue)
            .toList();
    if (given.size() > 1) {
      throw new IllegalArgumentException(
          "class %s names the file system more than once: fstype and %s"
              .formatted(storageClass.meta().name(), FS_TYPE));
    }
    return given.isEmpty() || given.getFirst().isEmpty()
        ? shaping.defaultFsType()
        : given.getFirst();
  }

  private List<VolumeCapability> capabilities(Claim claim, StorageClass storageClass) {
    var fsType = fsType(storageClass);
    if (claim.accessModes().isEmpty()) {
      throw new IllegalArgumentException("spec.accessModes: at least one is needed");
    }
    return claim.accessModes().stream()
        .map(mode -> capability(claim, mode, fsType, storageClass.mountOptions()))
        .toList();
  }

  private VolumeCapability capability(
      Claim claim, String mode, String fsType, List<String> mountOptions) {
    var capability =
        VolumeCapability.newBuilder()
            .setAccessMode(
                VolumeCapability.AccessMode.newBuilder()
                    .setMode(AccessModes.of(List.of(mode), dialect)));
    return isBlock(claim)
        ? capability.setBlock(VolumeCapability.BlockVolume.getDefaultInstance()).build()
        : capability
            .setMount(
                VolumeCapability.MountVolume.newBuilder()
                    .setFsType(fsType)
                    .addAllMountFlags(mountOptions))
            .build();
  }

  static boolean isBlock(Claim claim) {
    return "Block".equals(claim.volumeMode());
  }

  private Map<String, String> parameters(Claim claim, StorageClass storageClass, String name) {
    var parameters = withoutReserved(storageClass.parameters());
    if (shaping.extraMetadata()) {
      parameters.put(Names.RESERVED + "pvc/name", claim.meta().name());
      parameters.put(Names.RESERVED + "pvc/namespace", claim.meta().namespace());
      parameters.put(Names.RESERVED + "pv/name", name);
    }
    var labels = claim.meta().labels();
    for (var key : shaping.labels().told()) {
      if (labels.containsKey(key)) {
        parameters.put(Names.RESERVED + "pvc/labels/" + key, labels.get(key));
      }
    }
    return parameters;
  }

  /** In order, so that the same parameters make the same bytes. */
  static SortedMap<String, String> withoutReserved(Map<String, String> given) {
    var parameters = new TreeMap<String, String>();
    given.forEach(
        (key, value) -> {
          if (!key.startsWith(Names.RESERVED)) {
            parameters.put(key, value);
          } else if (!OURS.contains(key.substring(Names.RESERVED.length()))) {
            throw new IllegalArgumentException(
                "found unknown parameter key \"%s\" with reserved namespace %s"
                    .formatted(key, Names.RESERVED));
          }
        });
    return parameters;
  }
}
