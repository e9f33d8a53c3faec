package io.csi4j.driver.framework.syscall;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/**
 * mount(2), umount2(2) and the newer calls that make a bind mount read-only before anybody can see
 * it.
 */
public final class Mounts {
  private static final int UMOUNT_NOFOLLOW = 8;

  private static final long SYS_OPEN_TREE = 428;
  private static final long SYS_MOVE_MOUNT = 429;
  private static final long SYS_MOUNT_SETATTR = 442;
  private static final long OPEN_TREE_CLONE = 1;
  private static final long MOVE_MOUNT_F_EMPTY_PATH = 4;
  private static final long AT_EMPTY_PATH = 0x1000;
  private static final long AT_SYMLINK_NOFOLLOW = 0x100;
  private static final long MOUNT_ATTR_RDONLY = 1;
  private static final long MOUNT_ATTR_BYTES = 32;

  private final NativeThreads threads;

  public Mounts(NativeThreads threads) {
    this.threads = threads;
  }

  /** Mounts the file system on {@code device}. */
  public NativeResult<Path> mount(Path device, Path target, String fsType, MountFlags flags) {
    var attempt = "mount %s device %s on %s".formatted(fsType, device, target);
    return threads.call(() -> mountNow(attempt, device, target, fsType, flags));
  }

  /** Makes {@code source}, a folder or a device node, visible at {@code target} too. */
  public NativeResult<Path> bind(Path source, Path target) {
    var attempt = "bind %s on %s".formatted(source, target);
    var flags = new MountFlags(MountFlags.BIND, "");
    return threads.call(() -> mountNow(attempt, source, target, "", flags));
  }

  /**
   * The same, read-only. A bind with the read-only flag in one mount(2) call is silently writable,
   * and a remount afterwards leaves a writable moment, so the mount is made detached, turned
   * read-only, and only then put in its place.
   */
  public NativeResult<Path> bindReadOnly(Path source, Path target) {
    return threads.call(
        () -> {
          try (var arena = Arena.ofConfined()) {
            var tree =
                Libc.syscall(
                    "open_tree " + source,
                    SYS_OPEN_TREE,
                    Libc.AT_FDCWD,
                    arena.allocateFrom(source.toString()).address(),
                    OPEN_TREE_CLONE | Libc.O_CLOEXEC | AT_SYMLINK_NOFOLLOW);
            return tree.then(fd -> moveReadOnly(fd, target, arena));
          }
        });
  }

  /** Takes away the topmost mount at {@code target}, which is never followed as a link. */
  public NativeResult<Path> unmount(Path target) {
    return threads.call(
        () -> {
          try (var arena = Arena.ofConfined()) {
            var errno = Libc.errnoPlace(arena);
            var path = arena.allocateFrom(target.toString());
            var returned = (int) Libc.UMOUNT2.invokeExact(errno, path, UMOUNT_NOFOLLOW);
            return done(Libc.result("unmount " + target, returned, errno), target);
          } catch (Throwable failure) {
            throw Libc.bug(failure);
          }
        });
  }

  private static NativeResult<Path> mountNow(
      String attempt, Path source, Path target, String fsType, MountFlags flags) {
    try (var arena = Arena.ofConfined()) {
      var errno = Libc.errnoPlace(arena);
      var type = fsType.isEmpty() ? MemorySegment.NULL : arena.allocateFrom(fsType);
      var data = flags.data().isEmpty() ? MemorySegment.NULL : arena.allocateFrom(flags.data());
      var returned =
          (int)
              Libc.MOUNT.invokeExact(
                  errno,
                  arena.allocateFrom(source.toString()),
                  arena.allocateFrom(target.toString()),
                  type,
                  flags.bits(),
                  data);
      return done(Libc.result(attempt, returned, errno), target);
    } catch (Throwable failure) {
      throw Libc.bug(failure);
    }
  }

  private static NativeResult<Path> moveReadOnly(long treeFd, Path target, Arena arena) {
    try {
      var empty = arena.allocateFrom("").address();
      var attributes = arena.allocate(MOUNT_ATTR_BYTES);
      attributes.set(ValueLayout.JAVA_LONG, 0, MOUNT_ATTR_RDONLY);
      return Libc.syscall(
              "make bind read-only for " + target,
              SYS_MOUNT_SETATTR,
              treeFd,
              empty,
              AT_EMPTY_PATH,
              attributes.address(),
              MOUNT_ATTR_BYTES)
          .then(
              _ ->
                  Libc.syscall(
                      "move_mount to " + target,
                      SYS_MOVE_MOUNT,
                      treeFd,
                      empty,
                      Libc.AT_FDCWD,
                      arena.allocateFrom(target.toString()).address(),
                      MOVE_MOUNT_F_EMPTY_PATH))
          .then(_ -> new NativeResult.Value<>(target));
    } finally {
      Libc.close((int) treeFd);
    }
  }

  private static NativeResult<Path> done(NativeResult<Long> result, Path target) {
    return result.then(_ -> new NativeResult.Value<>(target));
  }
}
