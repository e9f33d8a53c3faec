package io.csi4j.driver.local;

import io.csi4j.driver.framework.mount.FileSystemMaker;
import io.csi4j.driver.framework.spi.AccessType;
import io.csi4j.driver.framework.spi.BlockDevices.Content;
import io.csi4j.driver.framework.spi.VolumeCapability;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** What this driver can do with a volume, and why not for the rest. Pure. */
final class Offer {
  private static final String DEFAULT_FS_TYPE = "ext4";

  private Offer() {}

  /** What a request for these capabilities makes of a new volume. */
  sealed interface Wanted {

    record Possible(Content content) implements Wanted {}

    record Impossible(String why) implements Wanted {}
  }

  static Wanted contentFor(List<VolumeCapability> capabilities) {
    Content content = null;
    for (var capability : capabilities) {
      if (capability.mode().multiNode()) {
        return new Wanted.Impossible(
            "access mode %s is not possible: volumes live on one node"
                .formatted(capability.mode()));
      }
      var wanted = contentFor(capability.type());
      if (content != null && !content.equals(wanted)) {
        return new Wanted.Impossible(
            "volume_capabilities contradict each other: a volume is either a block device or one file system");
      }
      content = wanted;
    }
    return switch (content) {
      case Content.Raw raw -> new Wanted.Possible(raw);
      case Content.FileSystem fileSystem ->
          FileSystemMaker.Type.named(fileSystem.fsType()).isPresent()
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
      if (!parameter.getKey().equals(Allocation.PARAMETER)) {
        return Optional.of(
            "parameter %s is not known; known are: %s"
                .formatted(parameter.getKey(), Allocation.PARAMETER));
      }
      if (Allocation.parse(parameter.getValue()).isEmpty()) {
        return Optional.of(
            "parameter %s must be thin or thick, not %s"
                .formatted(parameter.getKey(), parameter.getValue()));
      }
    }
    return Optional.empty();
  }

  private static Content contentFor(AccessType type) {
    return switch (type) {
      case AccessType.Block() -> new Content.Raw();
      case AccessType.Mount(var fsType, _) ->
          new Content.FileSystem(fsType.isEmpty() ? DEFAULT_FS_TYPE : fsType);
    };
  }
}
