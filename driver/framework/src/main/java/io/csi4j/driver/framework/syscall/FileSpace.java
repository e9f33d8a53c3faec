package io.csi4j.driver.framework.syscall;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** How much room there is, and taking some of it for good. */
public final class FileSpace {
  static final long STATVFS_BYTES = 112;
  private static final long FRSIZE = 8;
  private static final long BLOCKS = 16;
  private static final long BFREE = 24;
  private static final long BAVAIL = 32;
  private static final long FILES = 40;
  private static final long FFREE = 48;

  private final NativeThreads threads;

  public FileSpace(NativeThreads threads) {
    this.threads = threads;
  }

  /** A file system's room in bytes and in inodes; some file systems count no inodes and say 0. */
  public record Usage(
      long totalBytes, long freeBytes, long availableBytes, long totalInodes, long freeInodes) {}

  public NativeResult<Usage> usage(Path path) {
    return threads.call(
        () -> {
          try (var arena = Arena.ofConfined()) {
            var errno = Libc.errnoPlace(arena);
            var buffer = arena.allocate(STATVFS_BYTES, Long.BYTES);
            var returned =
                (int) Libc.STATVFS.invokeExact(errno, arena.allocateFrom(path.toString()), buffer);
            return Libc.result("statvfs " + path, returned, errno)
                .then(
                    _ -> {
                      var unit = buffer.get(JAVA_LONG, FRSIZE);
                      return new NativeResult.Value<>(
                          new Usage(
                              unit * buffer.get(JAVA_LONG, BLOCKS),
                              unit * buffer.get(JAVA_LONG, BFREE),
                              unit * buffer.get(JAVA_LONG, BAVAIL),
                              buffer.get(JAVA_LONG, FILES),
                              buffer.get(JAVA_LONG, FFREE)));
                    });
          } catch (Throwable failure) {
            throw Libc.bug(failure);
          }
        });
  }

  /**
   * Makes sure that the first {@code sizeBytes} of {@code file} can be written whatever else fills
   * the disk.
   */
  public NativeResult<Path> allocate(Path file, long sizeBytes) {
    return threads.call(
        () ->
            Libc.open(file.toString(), Libc.O_RDWR)
                .then(
                    fd -> {
                      try {
                        return allocateOpened(fd.intValue(), file, sizeBytes);
                      } finally {
                        Libc.close(fd.intValue());
                      }
                    }));
  }

  /** Waits until {@code path}, a file or a folder, is on the disk as it is now. */
  public void flush(Path path) throws IOException {
    try {
      threads.call(
          () -> {
            try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
              channel.force(true);
              return path;
            } catch (IOException failure) {
              throw new UncheckedIOException(failure);
            }
          });
    } catch (UncheckedIOException failure) {
      throw new IOException("could not flush " + path, failure);
    }
  }

  private static NativeResult<Path> allocateOpened(int fd, Path file, long sizeBytes) {
    try (var arena = Arena.ofConfined()) {
      var errno = Libc.errnoPlace(arena);
      var returned = (int) Libc.FALLOCATE.invokeExact(errno, fd, 0, 0L, sizeBytes);
      return Libc.result("allocate %d bytes for %s".formatted(sizeBytes, file), returned, errno)
          .then(_ -> new NativeResult.Value<>(file));
    } catch (Throwable failure) {
      throw Libc.bug(failure);
    }
  }
}
