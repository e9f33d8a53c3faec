package io.csi4j.driver.framework.syscall;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * Copies of files: in no time where the file system can share extents between files, else of what
 * is not a hole.
 */
public final class FileCopies {
  private static final long FICLONE = 0x4004_9409L;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;

  /** Of one copy_file_range(2); the kernel may copy less. */
  private static final long CHUNK_BYTES = 64L << 20;

  private final NativeThreads threads;

  public FileCopies(NativeThreads threads) {
    this.threads = threads;
  }

  /** Makes {@code target}, which exists, share all extents of {@code source}; it takes no time. */
  public NativeResult<Path> share(Path source, Path target) {
    return threads.call(
        () ->
            opened(
                source,
                target,
                (from, to) ->
                    Libc.ioctl(
                        "clone %s to %s".formatted(source, target),
                        to,
                        FICLONE,
                        MemorySegment.ofAddress(from))));
  }

  /** Writes the data of {@code source}, not its holes, to {@code target}, which is empty. */
  public NativeResult<Path> copy(Path source, Path target) {
    return threads.call(() -> opened(source, target, (from, to) -> copyData(source, from, to, 0)));
  }

  /** How many bytes of {@code file} are no hole; what was only reserved counts as hole or not. */
  public NativeResult<Long> dataBytes(Path file) {
    return threads.call(
        () ->
            Libc.open(file.toString(), Libc.O_RDONLY)
                .then(
                    fd -> {
                      try {
                        return countData(file, fd.intValue());
                      } finally {
                        Libc.close(fd.intValue());
                      }
                    }));
  }

  /** Work on two open files. */
  private interface Work {
    NativeResult<Long> on(int sourceFd, int targetFd);
  }

  private static NativeResult<Path> opened(Path source, Path target, Work work) {
    return Libc.open(source.toString(), Libc.O_RDONLY)
        .then(
            from -> {
              try {
                return Libc.open(target.toString(), Libc.O_RDWR)
                    .then(
                        to -> {
                          try {
                            return work.on(from.intValue(), to.intValue());
                          } finally {
                            Libc.close(to.intValue());
                          }
                        });
              } finally {
                Libc.close(from.intValue());
              }
            })
        .then(_ -> new NativeResult.Value<>(target));
  }

  private static NativeResult<Long> countData(Path file, int fd) {
    var bytes = 0L;
    for (var at = 0L; ; ) {
      switch (Libc.seek("find data of " + file, fd, at, SEEK_DATA)) {
        case NativeResult.Failed<Long>(_, var errno) when errno.equals(Errno.ENXIO) -> {
          return new NativeResult.Value<>(bytes); // only a hole follows
        }
        case NativeResult.Failed<Long> failed -> {
          return failed;
        }
        case NativeResult.Value<Long>(var begin) -> {
          if (!(Libc.seek("find a hole of " + file, fd, begin, SEEK_HOLE)
              instanceof NativeResult.Value<Long>(var end))) {
            return new NativeResult.Failed<>("find a hole of " + file, Errno.EIO);
          }
          bytes += end - begin;
          at = end;
        }
      }
    }
  }

  private static NativeResult<Long> copyData(Path source, int from, int to, long start) {
    for (var at = start; ; ) {
      switch (Libc.seek("find data of " + source, from, at, SEEK_DATA)) {
        case NativeResult.Failed<Long>(_, var errno) when errno.equals(Errno.ENXIO) -> {
          return new NativeResult.Value<>(at);
        }
        case NativeResult.Failed<Long> failed -> {
          return failed;
        }
        case NativeResult.Value<Long>(var begin) -> {
          var hole = Libc.seek("find a hole of " + source, from, begin, SEEK_HOLE);
          var copied = hole.then(end -> copyRange(source, from, to, new long[] {begin, end}));
          if (!(copied instanceof NativeResult.Value<Long>(var end))) {
            return copied;
          }
          at = end;
        }
      }
    }
  }

  /** Brings the end of the range. */
  private static NativeResult<Long> copyRange(Path source, int from, int to, long[] range) {
    try (var arena = Arena.ofConfined()) {
      var errno = Libc.errnoPlace(arena);
      var offsets = arena.allocate(JAVA_LONG, 2);
      for (var at = range[0]; at < range[1]; ) {
        offsets.setAtIndex(JAVA_LONG, 0, at);
        offsets.setAtIndex(JAVA_LONG, 1, at);
        var copied =
            (long)
                Libc.COPY_FILE_RANGE.invokeExact(
                    errno,
                    from,
                    offsets,
                    to,
                    offsets.asSlice(Long.BYTES),
                    Math.min(CHUNK_BYTES, range[1] - at),
                    0);
        var result = Libc.result("copy data of " + source, copied, errno);
        if (!(result instanceof NativeResult.Value<Long>(var bytes))) {
          return result;
        }
        if (bytes == 0) {
          break; // the file has become shorter
        }
        at += bytes;
      }
      return new NativeResult.Value<>(range[1]);
    } catch (Throwable failure) {
      throw Libc.bug(failure);
    }
  }
}
