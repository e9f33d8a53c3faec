package io.csi4j.driver.framework.syscall;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The functions of the C library that we call, each once. Every handle takes the place for errno as
 * its first argument; {@link #result} reads it back, since nothing may run between the call and
 * that read.
 */
final class Libc {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final VarHandle ERRNO =
      Linker.Option.captureStateLayout().varHandle(groupElement("errno"));

  static final int O_RDONLY = 0;
  static final int O_RDWR = 2;
  static final int O_CLOEXEC = 0x80000;
  static final int AT_FDCWD = -100;

  /** {@code int open(const char *path, int flags, ...)}; we never create, so no mode follows. */
  static final MethodHandle OPEN =
      handle(
          "open",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
          Linker.Option.firstVariadicArg(2));

  static final MethodHandle CLOSE = handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  /** {@code int ioctl(int fd, unsigned long request, ...)} with a pointer, which may be null. */
  static final MethodHandle IOCTL =
      handle(
          "ioctl",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
          Linker.Option.firstVariadicArg(2));

  static final MethodHandle MOUNT =
      handle(
          "mount", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));

  static final MethodHandle UMOUNT2 =
      handle("umount2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));

  static final MethodHandle FALLOCATE =
      handle(
          "fallocate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));

  static final MethodHandle LSEEK =
      handle("lseek", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));

  /** Its offsets are pointers, so that the files' own positions stay where they are. */
  static final MethodHandle COPY_FILE_RANGE =
      handle(
          "copy_file_range",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

  static final MethodHandle STATVFS =
      handle("statvfs", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));

  /**
   * {@code long syscall(long number, ...)} with up to five arguments, for calls that older C
   * libraries do not wrap.
   */
  static final MethodHandle SYSCALL =
      handle(
          "syscall",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
          Linker.Option.firstVariadicArg(1));

  private Libc() {}

  /** A place for errno, for the calls made while {@code arena} is open. */
  static MemorySegment errnoPlace(Arena arena) {
    return arena.allocate(Linker.Option.captureStateLayout());
  }

  /** The C convention: negative means look at errno. */
  static NativeResult<Long> result(String attempt, long returned, MemorySegment errnoPlace) {
    if (returned >= 0) {
      return new NativeResult.Value<>(returned);
    }
    return new NativeResult.Failed<>(attempt, new Errno((int) ERRNO.get(errnoPlace, 0L)));
  }

  static NativeResult<Long> open(String path, int flags) {
    try (var arena = Arena.ofConfined()) {
      var errno = errnoPlace(arena);
      var fd = (int) OPEN.invokeExact(errno, arena.allocateFrom(path), flags | O_CLOEXEC);
      return result("open " + path, fd, errno);
    } catch (Throwable failure) {
      throw bug(failure);
    }
  }

  /** An error of close(2) is not reported: Linux has released the descriptor all the same. */
  static void close(int fd) {
    try (var arena = Arena.ofConfined()) {
      var _ = (int) CLOSE.invokeExact(errnoPlace(arena), fd);
    } catch (Throwable failure) {
      throw bug(failure);
    }
  }

  static NativeResult<Long> seek(String attempt, int fd, long offset, int whence) {
    try (var arena = Arena.ofConfined()) {
      var errno = errnoPlace(arena);
      var returned = (long) LSEEK.invokeExact(errno, fd, offset, whence);
      return result(attempt, returned, errno);
    } catch (Throwable failure) {
      throw bug(failure);
    }
  }

  static NativeResult<Long> ioctl(String attempt, int fd, long request, MemorySegment argument) {
    try (var arena = Arena.ofConfined()) {
      var errno = errnoPlace(arena);
      var returned = (int) IOCTL.invokeExact(errno, fd, request, argument);
      return result(attempt, returned, errno);
    } catch (Throwable failure) {
      throw bug(failure);
    }
  }

  static NativeResult<Long> syscall(String attempt, long number, long... arguments) {
    var a = Arrays.copyOf(arguments, 5);
    try (var arena = Arena.ofConfined()) {
      var errno = errnoPlace(arena);
      var returned = (long) SYSCALL.invokeExact(errno, number, a[0], a[1], a[2], a[3], a[4]);
      return result(attempt, returned, errno);
    } catch (Throwable failure) {
      throw bug(failure);
    }
  }

  /** A handle does not throw by itself: what arrives here is a wrong signature on our side. */
  static IllegalStateException bug(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("native call is declared wrongly", failure);
  }

  @SuppressWarnings("restricted") // calling native code is what this class is for
  private static MethodHandle handle(
      String name, FunctionDescriptor descriptor, Linker.Option... more) {
    List<Linker.Option> options = new ArrayList<>(List.of(more));
    options.add(Linker.Option.captureCallState("errno"));
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        descriptor,
        options.toArray(Linker.Option[]::new));
  }
}
