package io.csi4j.driver.framework.mount;

import io.csi4j.driver.framework.syscall.MountFlags;
import io.csi4j.driver.spi.AccessType.Block;
import io.csi4j.driver.spi.AccessType.Mount;
import io.csi4j.driver.spi.BlockDevices.Content.FileSystem;
import io.csi4j.driver.spi.BlockDevices.Content.Raw;
import io.csi4j.driver.spi.Reason;

/** What staging a volume takes. Pure. */
sealed interface StageStep {

  /** It is staged as asked for. */
  record Staged() implements StageStep {}

  record Refuse(Reason reason, String message) implements StageStep {}

  /** A raw volume needs its device and nothing at the staging path. */
  record AttachDevice() implements StageStep {}

  record AttachAndMount(FsType type, MountFlags flags) implements StageStep {}

  static StageStep decide(StageFacts facts) {
    return switch (facts.spec().capability().type()) {
      case Block() ->
          switch (facts.content()) {
            case Raw() -> decideRaw(facts);
            case FileSystem(var fsType) ->
                new Refuse(
                    Reason.FAILED_PRECONDITION,
                    "volume %s holds a file system (%s) and cannot be used as a block device"
                        .formatted(facts.spec().volumeId(), fsType));
          };
      case Mount mount ->
          switch (facts.content()) {
            case Raw() ->
                new Refuse(
                    Reason.FAILED_PRECONDITION,
                    "volume %s is a block device and cannot be mounted"
                        .formatted(facts.spec().volumeId()));
            case FileSystem(var fsType) -> decideMount(facts, mount, fsType);
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
    return new AttachAndMount(FsType.of(fsType), MountFlags.parse(mount.mountFlags()));
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
