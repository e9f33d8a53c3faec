package io.csi4j.driver.framework.syscall;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Function;

/** Making mounted file systems larger. The device below has grown before. */
public final class FileSystemGrowth {
  private static final long EXT4_IOC_RESIZE_FS = 0x4008_6610L;
  private static final long XFS_IOC_FSGROWFSDATA = 0x4010_586EL;
  private static final long BTRFS_IOC_RESIZE = 0x5000_9403L;
  private static final long BTRFS_ARGUMENT_BYTES = 4096;

  /** What mkfs.xfs chooses below 1 TiB; the share of the room that inodes may take. */
  private static final int XFS_INODE_PERCENT = 25;

  private final NativeThreads threads;

  public FileSystemGrowth(NativeThreads threads) {
    this.threads = threads;
  }

  /** Needs the right to exceed resource limits, which containers mostly lack: EPERM then. */
  public NativeResult<Path> ext4(Path mounted, long blocks) {
    return call(
        mounted,
        EXT4_IOC_RESIZE_FS,
        arena -> {
          var argument = arena.allocate(JAVA_LONG);
          argument.set(JAVA_LONG, 0, blocks);
          return argument;
        });
  }

  public NativeResult<Path> xfs(Path mounted, long blocks) {
    return call(
        mounted,
        XFS_IOC_FSGROWFSDATA,
        arena -> {
          var argument = arena.allocate(2L * Long.BYTES, Long.BYTES);
          argument.set(JAVA_LONG, 0, blocks);
          argument.set(JAVA_INT, Long.BYTES, XFS_INODE_PERCENT);
          return argument;
        });
  }

  /** To all that the device has. */
  public NativeResult<Path> btrfs(Path mounted) {
    return call(
        mounted,
        BTRFS_IOC_RESIZE,
        arena -> {
          var argument = arena.allocate(BTRFS_ARGUMENT_BYTES, Long.BYTES);
          MemorySegment.copy(
              MemorySegment.ofArray("max".getBytes(StandardCharsets.US_ASCII)),
              JAVA_BYTE,
              0,
              argument,
              JAVA_BYTE,
              Long.BYTES,
              3);
          return argument;
        });
  }

  private NativeResult<Path> call(
      Path mounted, long request, Function<Arena, MemorySegment> argument) {
    return threads.call(
        () ->
            Libc.open(mounted.toString(), Libc.O_RDONLY)
                .then(
                    fd -> {
                      try (var arena = Arena.ofConfined()) {
                        return Libc.ioctl(
                                "grow the file system at " + mounted,
                                fd.intValue(),
                                request,
                                argument.apply(arena))
                            .then(_ -> new NativeResult.Value<>(mounted));
                      } finally {
                        Libc.close(fd.intValue());
                      }
                    }));
  }
}
