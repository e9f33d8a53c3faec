package io.csi4j.driver.framework.mount;

import io.csi4j.driver.framework.syscall.ForeignProgram;
import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Answer.Nothing;
import io.csi4j.driver.spi.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes file systems, on a device or straight on an image file. Only ever on what is known to be
 * blank.
 */
public final class FileSystemMaker {
  /** The smallest that a device of ours can write. */
  private static final String BLOCK_BYTES = "4096";

  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final ForeignProgram program;

  public FileSystemMaker(ForeignProgram program) {
    this.program = program;
  }

  /** Gives a copy an identity of its own, where two with the same cannot be mounted together. */
  public Answer<Nothing> tellApart(FsType type, Path copy) {
    return switch (type) {
      case EXT4, XFS -> Answer.done();
      case BTRFS ->
          switch (program.run(List.of("btrfstune", "-f", "-m", copy.toString()), LIMIT)) {
            case ForeignProgram.Ending.Succeeded _ -> Answer.done();
            case ForeignProgram.Ending.Missing(var message) ->
                Answer.refused(Reason.INTERNAL, message);
            case ForeignProgram.Ending.Failed(_, var message) ->
                Answer.refused(Reason.INTERNAL, message);
            case ForeignProgram.Ending.TimedOut(var message) ->
                Answer.refused(Reason.INTERNAL, message);
          };
    };
  }

  public Answer<Nothing> make(FsType type, Path blank) {
    List<String> command = new ArrayList<>();
    switch (type) {
      // No blocks kept for root, since root is not who uses the volume. Inode tables and journal
      // are zeroed later: on a fresh
      // image they are holes that read as zeroes anyway.
      case EXT4 ->
          command.addAll(
              List.of(
                  "mkfs.ext4",
                  "-q",
                  "-F",
                  "-b",
                  BLOCK_BYTES,
                  "-m",
                  "0",
                  "-E",
                  "lazy_itable_init=1,lazy_journal_init=1,nodiscard"));
      case XFS ->
          command.addAll(List.of("mkfs.xfs", "-q", "-f", "-K", "-s", "size=" + BLOCK_BYTES));
      case BTRFS -> command.addAll(List.of("mkfs.btrfs", "-q", "-f", "-K"));
    }
    command.add(blank.toString());
    return switch (program.run(command, LIMIT)) {
      case ForeignProgram.Ending.Succeeded _ -> Answer.done();
      case ForeignProgram.Ending.Missing(var message) ->
          Answer.refused(
              Reason.INVALID_ARGUMENT,
              "fs_type %s is not possible on this node: %s".formatted(type.fsType(), message));
      case ForeignProgram.Ending.Failed(_, var message) -> Answer.refused(Reason.INTERNAL, message);
      case ForeignProgram.Ending.TimedOut(var message) -> Answer.refused(Reason.INTERNAL, message);
    };
  }
}
