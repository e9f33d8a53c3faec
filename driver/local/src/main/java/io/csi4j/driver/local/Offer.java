package io.csi4j.driver.local;

import io.csi4j.driver.framework.mount.FsType;
import io.csi4j.driver.spi.AccessType;
import io.csi4j.driver.spi.BlockDevices.Content;
import io.csi4j.driver.spi.VolumeCapability;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** What this driver can do with a volume, and why not for the rest. Pure. */
final class Offer {
  /** For callers that cannot name it with the capability. */
  static final String FS_TYPE = "fsType";

  private static final String DEFAULT_FS_TYPE = "ext4";

  private Offer() {}

  /** What a request for these capabilities makes of a new volume. */
  sealed interface Wanted {

    record Possible(Content content) implements Wanted {}

    record Impossible(String why) implements Wanted {}
  }

  /**
   * @param like what the volume's source holds; null when there is none. What a capability leaves
   *     open is as there, else as the class says.
   */
  static Wanted contentFor(
      List<VolumeCapability> capabilities,
      SortedMap<String, String> parameters,
      @Nullable Content like) {
    var fallback =
        parameters.getOrDefault(
            FS_TYPE, like instanceof Content.FileSystem(var fsType) ? fsType : DEFAULT_FS_TYPE);
    Content content = null;
    for (var capability : capabilities) {
      if (capability.mode().multiNode()) {
        return new Wanted.Impossible(
            "access mode %s is not possible: volumes live on one node"
                .formatted(capability.mode()));
      }
      var wanted = contentFor(capability.type(), fallback);
      if (content != null && !content.equals(wanted)) {
        return new Wanted.Impossible(
            "volume_capabilities contradict each other: a volume is either a block device or one file system");
      }
      content = wanted;
    }
    return switch (content) {
      case Content.Raw raw -> new Wanted.Possible(raw);
      case Content.FileSystem fileSystem ->
          FsType.named(fileSystem.fsType()).isPresent()
              ? new Wanted.Possible(fileSystem)
              : new Wanted.Impossible("fs_type %s is not offered".formatted(fileSystem.fsType()));
      case null -> throw new IllegalStateException("unchecked volume_capabilities: none");
    };
  }

  /** Why the volume cannot be used so; empty when it can. */
  static Optional<String> objection(VolumeRecord volume, VolumeCapability capability) {
    if (capability.mode().multiNode()) {
      return Optional.of(
          "access mode %s is not possible: volumes live on one node".formatted(capability.mode()));
    }
    return switch (capability.type()) {
      case AccessType.Block() ->
          switch (volume.content()) {
            case Content.Raw() -> Optional.empty();
            case Content.FileSystem(var fsType) ->
                Optional.of(
                    "volume %s holds %s, it is no block device".formatted(volume.id(), fsType));
          };
      case AccessType.Mount(var wanted, _) ->
          switch (volume.content()) {
            case Content.Raw() ->
                Optional.of(
                    "volume %s is a block device, it cannot be mounted".formatted(volume.id()));
            case Content.FileSystem(var fsType) ->
                wanted.isEmpty() || wanted.equals(fsType)
                    ? Optional.empty()
                    : Optional.of(
                        "volume %s holds %s, not %s".formatted(volume.id(), fsType, wanted));
          };
    };
  }

  /** Why these parameters of a storage class cannot be; empty when they can. */
  static Optional<String> objection(SortedMap<String, String> parameters) {
    for (var parameter : parameters.entrySet()) {
      var objection = objection(parameter.getKey(), parameter.getValue());
      if (objection.isPresent()) {
        return objection;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> objection(String key, String value) {
    if (Tuning.knows(key)) {
      return Tuning.objection(key, value);
    }
    return switch (key) {
      case Allocation.PARAMETER ->
          Allocation.parse(value).isPresent()
              ? Optional.empty()
              : Optional.of("parameter %s must be thin or thick, not %s".formatted(key, value));
      case FS_TYPE ->
          FsType.named(value).isPresent()
              ? Optional.empty()
              : Optional.of(
                  "parameter %s must be ext4, xfs or btrfs, not %s".formatted(key, value));
      default ->
          Optional.of(
              "parameter %s is not known; known are: %s, %s, %s, %s"
                  .formatted(
                      key, Allocation.PARAMETER, Tuning.DIRECT_IO, FS_TYPE, Tuning.READ_AHEAD));
    };
  }

  private static Content contentFor(AccessType type, String fallback) {
    return switch (type) {
      case AccessType.Block() -> new Content.Raw();
      case AccessType.Mount(var fsType, _) ->
          new Content.FileSystem(fsType.isEmpty() ? fallback : fsType);
    };
  }
}
