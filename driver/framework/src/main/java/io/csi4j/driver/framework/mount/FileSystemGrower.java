package io.csi4j.driver.framework.mount;

import io.csi4j.driver.framework.syscall.Errno;
import io.csi4j.driver.framework.syscall.FileSystemGrowth;
import io.csi4j.driver.framework.syscall.ForeignProgram;
import io.csi4j.driver.framework.syscall.NativeResult;
import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Answer.Nothing;
import io.csi4j.driver.spi.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/**
 * Makes file systems as large as their devices: ext4 best before it is mounted, because growing a
 * mounted one needs a right that containers lack; xfs and btrfs only while they are mounted.
 */
public final class FileSystemGrower {
  private static final Duration LIMIT = Duration.ofMinutes(10);

  /** e2fsck(8): errors were found, and corrected. */
  private static final int CORRECTED = 1;

  private final FileSystemGrowth growth;
  private final ForeignProgram program;

  public FileSystemGrower(FileSystemGrowth growth, ForeignProgram program) {
    this.growth = growth;
    this.program = program;
  }

  /** What can be done before the first mount. */
  Answer<Nothing> beforeMount(FsType type, Path device) {
    return switch (type) {
      case EXT4 ->
          tooSmall(type, device).then(small -> small ? growUnmounted(device) : Answer.done());
      case XFS, BTRFS -> Answer.done();
    };
  }

  /** The rest, right behind the mount. */
  Answer<Nothing> afterMount(FsType type, Path device, Path mounted) {
    return switch (type) {
      case EXT4 -> Answer.done();
      case XFS, BTRFS -> whileMounted(type, device, mounted);
    };
  }

  /** {@code FAILED_PRECONDITION} when it has to wait until the volume is staged again. */
  Answer<Nothing> whileMounted(FsType type, Path device, Path mounted) {
    return tooSmall(type, device)
        .then(small -> small ? growMounted(type, device, mounted) : Answer.done());
  }

  private Answer<Nothing> growMounted(FsType type, Path device, Path mounted) {
    try {
      var block = SuperBlock.read(type, device);
      var blocks = bytes(device) / block.blockBytes();
      var result =
          switch (type) {
            case EXT4 -> growth.ext4(mounted, blocks);
            case XFS -> growth.xfs(mounted, blocks);
            case BTRFS -> growth.btrfs(mounted);
          };
      return switch (result) {
        case NativeResult.Value<Path> _ -> Answer.done();
        case NativeResult.Failed<Path> failed when failed.errno().equals(Errno.EPERM) ->
            Answer.refused(
                Reason.FAILED_PRECONDITION,
                "%s grows when it is staged the next time: this driver may not grow it while it is mounted (it lacks CAP_SYS_RESOURCE)"
                    .formatted(mounted));
        case NativeResult.Failed<Path> failed -> NodeFailure.refused(failed);
      };
    } catch (IOException failure) {
      return Answer.refused(
          Reason.INTERNAL, "could not grow the file system on %s: %s".formatted(device, failure));
    }
  }

  private Answer<Nothing> growUnmounted(Path device) {
    return run(List.of("e2fsck", "-f", "-p", device.toString()), CORRECTED)
        .then(_ -> run(List.of("resize2fs", device.toString()), 0));
  }

  private Answer<Nothing> run(List<String> command, int exitCodeMax) {
    return switch (program.run(command, LIMIT)) {
      case ForeignProgram.Ending.Succeeded _ -> Answer.done();
      case ForeignProgram.Ending.Failed(var code, _) when code <= exitCodeMax -> Answer.done();
      case ForeignProgram.Ending.Failed(_, var message) -> Answer.refused(Reason.INTERNAL, message);
      case ForeignProgram.Ending.TimedOut(var message) -> Answer.refused(Reason.INTERNAL, message);
      case ForeignProgram.Ending.Missing(var message) -> Answer.refused(Reason.INTERNAL, message);
    };
  }

  private static Answer<Boolean> tooSmall(FsType type, Path device) {
    try {
      return Answer.done(SuperBlock.read(type, device).leavesRoomOf(bytes(device)));
    } catch (IOException failure) {
      return Answer.refused(
          Reason.INTERNAL,
          "could not look at the file system on %s: %s".formatted(device, failure));
    }
  }

  private static long bytes(Path device) throws IOException {
    try (var channel = FileChannel.open(device, StandardOpenOption.READ)) {
      return channel.size();
    }
  }
}
