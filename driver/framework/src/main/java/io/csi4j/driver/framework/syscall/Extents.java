package io.csi4j.driver.framework.syscall;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where on the disk the bytes of a file are. */
public final class Extents {
  static final long HEADER_BYTES = 32;
  static final long EXTENT_BYTES = 56;

  private static final long FS_IOC_FIEMAP = 0xC020_660BL;
  private static final long START = 0;
  private static final long LENGTH = 8;
  private static final long FLAGS = 16;
  private static final long MAPPED = 20;
  private static final long COUNT = 24;
  private static final long EXTENT_LOGICAL = 0;
  private static final long EXTENT_PHYSICAL = 8;
  private static final long EXTENT_LENGTH = 16;
  private static final long EXTENT_FLAGS = 40;

  private static final int SYNC = 1;
  private static final int LAST = 1;
  private static final int UNWRITTEN = 0x800;

  /** Of {@link Extent#flags} those that make the physical address mean nothing by itself. */
  private static final int UNKNOWN = 2;

  private static final int DELAYED = 4;
  private static final int ENCODED = 8;
  private static final int NOT_ALIGNED = 0x100;
  private static final int INLINE = 0x200;

  private static final int EXTENTS_PER_CALL = 512;

  private final NativeThreads threads;

  public Extents(NativeThreads threads) {
    this.threads = threads;
  }

  /**
   * Some bytes of a file that lie together on the disk.
   *
   * @param written whether they were ever written, and not only reserved
   * @param comparable whether an equal address means equal bytes
   */
  public record Extent(
      long logical, long physical, long bytes, boolean written, boolean comparable) {

    public long end() {
      return logical + bytes;
    }
  }

  /** All extents of {@code file}, in order; holes are what is between them. */
  public NativeResult<List<Extent>> of(Path file) {
    return threads.call(
        () ->
            Libc.open(file.toString(), Libc.O_RDONLY)
                .then(
                    fd -> {
                      try (var arena = Arena.ofConfined()) {
                        return read(file, fd.intValue(), arena);
                      } finally {
                        Libc.close(fd.intValue());
                      }
                    }));
  }

  private static NativeResult<List<Extent>> read(Path file, int fd, Arena arena) {
    var map = arena.allocate(HEADER_BYTES + EXTENTS_PER_CALL * EXTENT_BYTES, Long.BYTES);
    List<Extent> extents = new ArrayList<>();
    for (var start = 0L; ; start = extents.getLast().end()) {
      map.fill((byte) 0);
      map.set(JAVA_LONG, START, start);
      map.set(JAVA_LONG, LENGTH, Long.MAX_VALUE - start);
      map.set(JAVA_INT, FLAGS, SYNC);
      map.set(JAVA_INT, COUNT, EXTENTS_PER_CALL);
      var result = Libc.ioctl("map extents of " + file, fd, FS_IOC_FIEMAP, map);
      if (result instanceof NativeResult.Failed<Long> failed) {
        return failed.as();
      }
      if (add(map, extents)) {
        return new NativeResult.Value<>(List.copyOf(extents));
      }
    }
  }

  /** Says whether these were the last. */
  private static boolean add(MemorySegment map, List<Extent> extents) {
    var mapped = map.get(JAVA_INT, MAPPED);
    var last = mapped == 0;
    for (var n = 0; n < mapped; n++) {
      var extent = map.asSlice(HEADER_BYTES + n * EXTENT_BYTES, EXTENT_BYTES);
      var flags = extent.get(JAVA_INT, EXTENT_FLAGS);
      extents.add(
          new Extent(
              extent.get(JAVA_LONG, EXTENT_LOGICAL),
              extent.get(JAVA_LONG, EXTENT_PHYSICAL),
              extent.get(JAVA_LONG, EXTENT_LENGTH),
              (flags & UNWRITTEN) == 0,
              (flags & (UNKNOWN | DELAYED | ENCODED | NOT_ALIGNED | INLINE)) == 0));
      last = (flags & LAST) != 0;
    }
    return last;
  }
}
