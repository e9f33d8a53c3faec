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
   * @param best what the pool can do, and new volumes are made of where nobody objects
   */
  static Wanted contentFor(
      List<VolumeCapability> capabilities,
      SortedMap<String, String> parameters,
      @Nullable Content like,
      Backend best) {
    var fallback = parameters.getOrDefault(FS_TYPE, fsTypeLike(like, best));
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
      case Content.Raw raw ->
          Backend.asked(parameters).equals(Optional.of(Backend.SUBVOLUME))
              ? new Wanted.Impossible("a subvolume is no block device")
              : new Wanted.Possible(raw);
      case Content.FileSystem fileSystem ->
          FsType.named(fileSystem.fsType()).isPresent()
              ? backed(fileSystem, parameters, like, best)
              : new Wanted.Impossible("fs_type %s is not offered".formatted(fileSystem.fsType()));
      case Content.Folder folder -> throw new IllegalStateException("nobody asks for " + folder);
      case null -> throw new IllegalStateException("unchecked volume_capabilities: none");
    };
  }

  private static String fsTypeLike(@Nullable Content like, Backend best) {
    return switch (like) {
      case Content.FileSystem(var fsType) -> fsType;
      case Content.Folder(var fsType) -> fsType;
      case Content.Raw() -> DEFAULT_FS_TYPE;
      case null ->
          switch (best) {
            case IMAGE -> DEFAULT_FS_TYPE;
            case SUBVOLUME -> FsType.BTRFS.fsType();
          };
    };
  }

  private static Wanted backed(
      Content.FileSystem wanted,
      SortedMap<String, String> parameters,
      @Nullable Content like,
      Backend best) {
    var asked = Backend.asked(parameters);
    var btrfs = wanted.fsType().equals(FsType.BTRFS.fsType());
    var thin = Allocation.of(parameters) == Allocation.THIN;
    if (asked.equals(Optional.of(Backend.SUBVOLUME)) && !(btrfs && thin)) {
      return new Wanted.Impossible("a subvolume is btrfs, and thin");
    }
    if (asked.equals(Optional.of(Backend.SUBVOLUME)) && best != Backend.SUBVOLUME) {
      return new Wanted.Impossible("this pool is no btrfs and has no subvolumes");
    }
    var fallback =
        like == null
            ? (btrfs && thin ? best : Backend.IMAGE)
            : like instanceof Content.Folder ? Backend.SUBVOLUME : Backend.IMAGE;
    return new Wanted.Possible(
        switch (asked.orElse(fallback)) {
          case IMAGE -> wanted;
          case SUBVOLUME -> new Content.Folder(wanted.fsType());
        });
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
            case Content.FileSystem(var fsType) -> noDevice(volume, fsType);
            case Content.Folder(var fsType) -> noDevice(volume, fsType);
          };
      case AccessType.Mount(var wanted, _) ->
          switch (volume.content()) {
            case Content.Raw() ->
                Optional.of(
                    "volume %s is a block device, it cannot be mounted".formatted(volume.id()));
            case Content.FileSystem(var fsType) -> otherFileSystem(volume, fsType, wanted);
            case Content.Folder(var fsType) -> otherFileSystem(volume, fsType, wanted);
          };
    };
  }

  private static Optional<String> noDevice(VolumeRecord volume, String fsType) {
    return Optional.of("volume %s holds %s, it is no block device".formatted(volume.id(), fsType));
  }

  private static Optional<String> otherFileSystem(
      VolumeRecord volume, String fsType, String wanted) {
    return wanted.isEmpty() || wanted.equals(fsType)
        ? Optional.empty()
        : Optional.of("volume %s holds %s, not %s".formatted(volume.id(), fsType, wanted));
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
      case Backend.PARAMETER ->
          Backend.parse(value).isPresent()
              ? Optional.empty()
              : Optional.of(
                  "parameter %s must be image or subvolume, not %s".formatted(key, value));
      case FS_TYPE ->
          FsType.named(value).isPresent()
              ? Optional.empty()
              : Optional.of(
                  "parameter %s must be ext4, xfs or btrfs, not %s".formatted(key, value));
      default ->
          Optional.of(
              "parameter %s is not known; known are: %s, %s, %s, %s, %s"
                  .formatted(
                      key,
                      Allocation.PARAMETER,
                      Backend.PARAMETER,
                      Tuning.DIRECT_IO,
                      FS_TYPE,
                      Tuning.READ_AHEAD));
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
