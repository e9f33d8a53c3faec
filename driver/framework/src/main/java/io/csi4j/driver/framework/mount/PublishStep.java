package io.csi4j.driver.framework.mount;

import static io.csi4j.driver.spi.AccessMode.SINGLE_NODE_SINGLE_WRITER;

import io.csi4j.driver.framework.mount.PublishFacts.AtTarget.Foreign;
import io.csi4j.driver.framework.mount.PublishFacts.AtTarget.Free;
import io.csi4j.driver.framework.mount.PublishFacts.AtTarget.Ours;
import io.csi4j.driver.spi.AccessType.Block;
import io.csi4j.driver.spi.AccessType.Mount;
import io.csi4j.driver.spi.BlockDevices.Content.FileSystem;
import io.csi4j.driver.spi.BlockDevices.Content.Raw;
import io.csi4j.driver.spi.Reason;
import io.csi4j.driver.spi.Writing;

/** What publishing a volume takes. Pure. */
sealed interface PublishStep {

  /** It is published as asked for. */
  record Published() implements PublishStep {}

  record Refuse(Reason reason, String message) implements PublishStep {}

  /** Show the staged file system at the target. */
  record ShowFolder(Writing writing) implements PublishStep {}

  /** Show the device at the target. */
  record ShowDevice(Writing writing) implements PublishStep {}

  static PublishStep decide(PublishFacts facts) {
    var spec = facts.spec();
    var raw =
        switch (facts.content()) {
          case Raw() -> true;
          case FileSystem _ -> false;
        };
    var wantsRaw =
        switch (spec.capability().type()) {
          case Block() -> true;
          case Mount _ -> false;
        };
    if (raw != wantsRaw) {
      return new Refuse(
          Reason.INVALID_ARGUMENT,
          "volume %s is %s and cannot be published as %s"
              .formatted(spec.volumeId(), kind(raw), kind(wantsRaw)));
    }
    if (!facts.staged()) {
      return new Refuse(
          Reason.FAILED_PRECONDITION,
          spec.stagingPath() == null
              ? "staging_target_path is missing: volume %s has to be staged first"
                  .formatted(spec.volumeId())
              : "volume %s is not staged at %s".formatted(spec.volumeId(), spec.stagingPath()));
    }
    return switch (facts.atTarget()) {
      case Foreign() ->
          new Refuse(Reason.FAILED_PRECONDITION, "something else is mounted at " + facts.target());
      case Ours(var readOnly) -> decideAgain(facts, readOnly);
      case Free() -> decideFirst(facts, raw);
    };
  }

  private static PublishStep decideAgain(PublishFacts facts, boolean readOnly) {
    var remembered = facts.remembered();
    // Without memory the mount is taken as this caller's, unless it would let somebody write who
    // must not.
    var same =
        remembered == null
            ? readOnly || facts.spec().effectiveWriting() == Writing.READ_WRITE
            : remembered.fingerprint().equals(Fingerprint.of(facts.spec()));
    return same
        ? new Published()
        : new Refuse(
            Reason.ALREADY_EXISTS,
            "volume %s is published at %s in another way"
                .formatted(facts.spec().volumeId(), facts.target()));
  }

  private static PublishStep decideFirst(PublishFacts facts, boolean raw) {
    var alone = facts.spec().capability().mode() == SINGLE_NODE_SINGLE_WRITER;
    for (var other : facts.others()) {
      if (alone || other.mode() == SINGLE_NODE_SINGLE_WRITER) {
        return new Refuse(
            Reason.FAILED_PRECONDITION,
            "volume %s is published at %s, and its mode allows no second target"
                .formatted(facts.spec().volumeId(), other.path()));
      }
    }
    var writing = facts.spec().effectiveWriting();
    return raw ? new ShowDevice(writing) : new ShowFolder(writing);
  }

  private static String kind(boolean raw) {
    return raw ? "a block device" : "a file system";
  }
}
