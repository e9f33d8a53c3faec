package io.csi4j.driver.framework.syscall;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.function.Function;

/**
 * Subvolumes of btrfs: folders that are copied in no time, and whose size a quota group limits. The
 * arguments are those of linux/btrfs.h.
 */
public final class Subvolumes {
  private static final long CREATE = 0x5000_9418L;
  private static final long SNAPSHOT = 0x5000_9417L;
  private static final long DESTROY = 0x5000_940FL;
  private static final long QUOTA_CONTROL = 0xC010_9428L;
  private static final long GROUP_LIMIT = 0x8030_942BL;
  private static final long FILE_SYSTEM_INFO = 0x8400_941FL;
  private static final long INODE_LOOKUP = 0xD000_9412L;

  private static final long ARGUMENT_BYTES = 4096;
  private static final long FLAGS = 16;
  private static final long NAME_BEHIND_FLAGS = 56;
  private static final long NAME_BEHIND_FD = 8;
  private static final long READ_ONLY = 2;

  private static final long QUOTA_BYTES = 16;
  private static final long QUOTA_ENABLE = 1;
  private static final long LIMIT_BYTES = 48;
  private static final long LIMIT_FLAGS = 8;
  private static final long LIMIT_REFERENCED = 16;
  private static final long LIMITS_REFERENCED = 1;

  private static final long INFO_BYTES = 1024;
  private static final long INFO_ID = 16;
  private static final int ID_BYTES = 16;

  /** Of the folder that a subvolume is; every one has it. */
  private static final long ROOT_INODE = 256;

  private final NativeThreads threads;

  public Subvolumes(NativeThreads threads) {
    this.threads = threads;
  }

  /** Whether copies may be written to. */
  public enum Copy {
    WRITABLE,
    READ_ONLY
  }

  /** Makes an empty one; its parent folder exists. */
  public NativeResult<Path> create(Path subvolume) {
    return inParent(
        "create subvolume " + subvolume,
        subvolume,
        CREATE,
        arena -> named(arena, subvolume, NAME_BEHIND_FLAGS));
  }

  /** Makes one that holds what {@code source} holds at this moment. */
  public NativeResult<Path> copy(Path source, Path target, Copy kind) {
    return threads
        .call(
            () ->
                Libc.open(source.toString(), Libc.O_RDONLY)
                    .then(
                        from -> {
                          try {
                            return onFolder(
                                "copy subvolume %s to %s".formatted(source, target),
                                target.resolveSibling(""),
                                SNAPSHOT,
                                arena -> {
                                  var argument = named(arena, target, NAME_BEHIND_FLAGS);
                                  argument.set(JAVA_LONG, 0, from);
                                  argument.set(
                                      JAVA_LONG, FLAGS, kind == Copy.READ_ONLY ? READ_ONLY : 0);
                                  return argument;
                                });
                          } finally {
                            Libc.close(from.intValue());
                          }
                        }))
        .then(_ -> new NativeResult.Value<>(target));
  }

  /** With all that is in it; not there is fine. */
  public NativeResult<Path> remove(Path subvolume) {
    return switch (inParent(
        "remove subvolume " + subvolume,
        subvolume,
        DESTROY,
        arena -> named(arena, subvolume, NAME_BEHIND_FD))) {
      case NativeResult.Failed<Path>(_, var errno) when errno.equals(Errno.ENOENT) ->
          new NativeResult.Value<>(subvolume);
      case NativeResult<Path> result -> result;
    };
  }

  /** From now on the file system of {@code folder} counts what its subvolumes hold. */
  public NativeResult<Path> countQuotas(Path folder) {
    return threads
        .call(
            () ->
                onFolder(
                    "enable quotas of " + folder,
                    folder,
                    QUOTA_CONTROL,
                    arena -> {
                      var argument = arena.allocate(QUOTA_BYTES, Long.BYTES);
                      argument.set(JAVA_LONG, 0, QUOTA_ENABLE);
                      return argument;
                    }))
        .then(_ -> new NativeResult.Value<>(folder));
  }

  /** What is written beyond it fails with EDQUOT. What the subvolume shares with others counts. */
  public NativeResult<Path> limit(Path subvolume, long bytes) {
    return threads
        .call(
            () ->
                onFolder(
                    "limit subvolume %s to %d bytes".formatted(subvolume, bytes),
                    subvolume,
                    GROUP_LIMIT,
                    arena -> {
                      // Group 0 stands for the subvolume's own.
                      var argument = arena.allocate(LIMIT_BYTES, Long.BYTES);
                      argument.set(JAVA_LONG, LIMIT_FLAGS, LIMITS_REFERENCED);
                      argument.set(JAVA_LONG, LIMIT_REFERENCED, bytes);
                      return argument;
                    }))
        .then(_ -> new NativeResult.Value<>(subvolume));
  }

  /** What it holds as of the last commit of the file system, which is seconds ago at most. */
  public NativeResult<Long> referencedBytes(Path subvolume) {
    return threads.call(
        () ->
            Libc.open(subvolume.toString(), Libc.O_RDONLY)
                .then(
                    fd -> {
                      try (var arena = Arena.ofConfined()) {
                        return fileSystem(subvolume, fd.intValue(), arena)
                            .then(
                                fileSystem ->
                                    id(subvolume, fd.intValue(), arena)
                                        .then(id -> counter(fileSystem, id)));
                      } finally {
                        Libc.close(fd.intValue());
                      }
                    }));
  }

  private static NativeResult<String> fileSystem(Path subvolume, int fd, Arena arena) {
    var info = arena.allocate(INFO_BYTES, Long.BYTES);
    return Libc.ioctl("look at the file system of " + subvolume, fd, FILE_SYSTEM_INFO, info)
        .then(
            _ ->
                new NativeResult.Value<>(
                    dashed(info.asSlice(INFO_ID, ID_BYTES).toArray(JAVA_BYTE))));
  }

  private static NativeResult<Long> id(Path subvolume, int fd, Arena arena) {
    var argument = arena.allocate(ARGUMENT_BYTES, Long.BYTES);
    argument.set(JAVA_LONG, Long.BYTES, ROOT_INODE);
    return Libc.ioctl("find the ID of subvolume " + subvolume, fd, INODE_LOOKUP, argument)
        .then(_ -> new NativeResult.Value<>(argument.get(JAVA_LONG, 0)));
  }

  private static NativeResult<Long> counter(String fileSystem, long id) {
    var file = Path.of("/sys/fs/btrfs", fileSystem, "qgroups", "0_" + id, "referenced");
    try {
      return new NativeResult.Value<>(Long.parseLong(Files.readString(file).strip()));
    } catch (IOException _) {
      return new NativeResult.Failed<>("read " + file, Errno.EIO);
    }
  }

  /** The form in which sysfs writes it. */
  private static String dashed(byte[] id) {
    var hex = HexFormat.of().formatHex(id);
    return String.join(
        "-",
        hex.substring(0, 8),
        hex.substring(8, 12),
        hex.substring(12, 16),
        hex.substring(16, 20),
        hex.substring(20));
  }

  private NativeResult<Path> inParent(
      String attempt, Path entry, long request, Function<Arena, MemorySegment> argument) {
    return threads
        .call(() -> onFolder(attempt, entry.resolveSibling(""), request, argument))
        .then(_ -> new NativeResult.Value<>(entry));
  }

  private static NativeResult<Long> onFolder(
      String attempt, Path folder, long request, Function<Arena, MemorySegment> argument) {
    return Libc.open(folder.toString(), Libc.O_RDONLY)
        .then(
            fd -> {
              try (var arena = Arena.ofConfined()) {
                return Libc.ioctl(attempt, fd.intValue(), request, argument.apply(arena));
              } finally {
                Libc.close(fd.intValue());
              }
            });
  }

  private static MemorySegment named(Arena arena, Path entry, long offset) {
    var name = entry.getFileName().toString().getBytes(StandardCharsets.UTF_8);
    var argument = arena.allocate(ARGUMENT_BYTES, Long.BYTES);
    MemorySegment.copy(name, 0, argument, JAVA_BYTE, offset, name.length);
    return argument;
  }
}
