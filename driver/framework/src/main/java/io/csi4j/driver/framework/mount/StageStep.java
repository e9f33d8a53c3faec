package io.csi4j.driver.framework.mount;

import io.csi4j.driver.framework.syscall.MountFlags;
import io.csi4j.driver.spi.AccessType.Block;
import io.csi4j.driver.spi.AccessType.Mount;
import io.csi4j.driver.spi.BlockDevices.Content.FileSystem;
import io.csi4j.driver.spi.BlockDevices.Content.Folder;
import io.csi4j.driver.spi.BlockDevices.Content.Raw;
import io.csi4j.driver.spi.Reason;
import io.csi4j.driver.spi.Writing;

/** What staging a volume takes. Pure. */
sealed interface StageStep {

  /** It is staged as asked for. */
  record Staged() implements StageStep {}

  record Refuse(Reason reason, String message) implements StageStep {}

  /** A raw volume needs its device and nothing at the staging path. */
  record AttachDevice() implements StageStep {}

  record AttachAndMount(FsType type, MountFlags flags) implements StageStep {}

  /** A folder is there already, and is shown at the staging path, too. */
  record ShowFolder(Writing writing) implements StageStep {}

  static StageStep decide(StageFacts facts) {
    return switch (facts.spec().capability().type()) {
      case Block() ->
          switch (facts.content()) {
            case Raw() -> decideRaw(facts);
            case FileSystem(var fsType) -> noDevice(facts, fsType);
            case Folder(var fsType) -> noDevice(facts, fsType);
          };
      case Mount mount ->
          switch (facts.content()) {
            case Raw() ->
                new Refuse(
                    Reason.FAILED_PRECONDITION,
                    "volume %s is a block device and cannot be mounted"
                        .formatted(facts.spec().volumeId()));
            case FileSystem(var fsType) -> decideMount(facts, mount, fsType);
            case Folder(var fsType) -> decideMount(facts, mount, fsType);
          };
    };
  }

  private static StageStep decideRaw(StageFacts facts) {
    var remembered = facts.remembered();
    if (!facts.attachedForWriting()) {
      return new AttachDevice();
    }
    if (remembered == null) {
      return new AttachDevice();
    }
    if (!remembered.path().equals(facts.path())) {
      return stagedElsewhere(facts, remembered);
    }
    return remembered.fingerprint().equals(Fingerprint.of(facts.spec()))
        ? new Staged()
        : stagedOtherwise(facts);
  }

  private static StageStep decideMount(StageFacts facts, Mount mount, String fsType) {
    if (!mount.fsType().isEmpty() && !mount.fsType().equals(fsType)) {
      return new Refuse(
          Reason.FAILED_PRECONDITION,
          "volume %s holds %s, not %s".formatted(facts.spec().volumeId(), fsType, mount.fsType()));
    }
    var remembered = facts.remembered();
    if (facts.mountedAt(facts.path())) {
      var sameCall =
          remembered == null || remembered.fingerprint().equals(Fingerprint.of(facts.spec()));
      return sameCall ? new Staged() : stagedOtherwise(facts);
    }
    if (facts.somethingMountedAtPath()) {
      return new Refuse(
          Reason.FAILED_PRECONDITION, "something else is mounted at staging path " + facts.path());
    }
    if (remembered != null && facts.mountedAt(remembered.path())) {
      return stagedElsewhere(facts, remembered);
    }
    var flags = MountFlags.parse(mount.mountFlags());
    return facts.content() instanceof Folder
        ? show(facts, flags)
        : new AttachAndMount(FsType.of(fsType), flags);
  }

  /** The file system is mounted already, in one way for all its folders. */
  private static StageStep show(StageFacts facts, MountFlags flags) {
    return flags.equals(MountFlags.NONE) || flags.equals(MountFlags.ONLY_READING)
        ? new ShowFolder(Writing.readOnlyIf(flags.readOnly()))
        : new Refuse(
            Reason.INVALID_ARGUMENT,
            "volume %s is a folder of a file system that is mounted already: of mount flags only ro is possible"
                .formatted(facts.spec().volumeId()));
  }

  private static Refuse noDevice(StageFacts facts, String fsType) {
    return new Refuse(
        Reason.FAILED_PRECONDITION,
        "volume %s holds a file system (%s) and cannot be used as a block device"
            .formatted(facts.spec().volumeId(), fsType));
  }

  private static Refuse stagedOtherwise(StageFacts facts) {
    return new Refuse(
        Reason.ALREADY_EXISTS,
        "volume %s is staged at %s with another capability"
            .formatted(facts.spec().volumeId(), facts.path()));
  }

  private static Refuse stagedElsewhere(StageFacts facts, NodeUsage.Staged remembered) {
    return new Refuse(
        Reason.FAILED_PRECONDITION,
        "volume %s is staged at %s on this node"
            .formatted(facts.spec().volumeId(), remembered.path()));
  }
}
