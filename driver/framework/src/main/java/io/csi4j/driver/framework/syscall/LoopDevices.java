package io.csi4j.driver.framework.syscall;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Loop devices: a file seen as a disk.
 *
 * <p>A device is known by the inode behind it, never by the path that the kernel prints: that one
 * depends on the mount namespace, and goes stale when the file is moved or deleted.
 */
public final class LoopDevices {
  private static final Path SYS_BLOCK = Path.of("/sys/block");
  private static final String DELETED = " (deleted)";
  private static final String CONTROL = "/dev/loop-control";
  private static final long LOOP_CTL_GET_FREE = 0x4C82;
  private static final long LOOP_CONFIGURE = 0x4C0A;
  private static final long LOOP_CLR_FD = 0x4C01;
  private static final long LOOP_SET_DIRECT_IO = 0x4C08;
  private static final long BLKRASET = 0x1262;
  private static final long SECTORS_PER_KIB = 2;
  private static final long LOOP_SET_CAPACITY = 0x4C07;
  private static final long LOOP_GET_STATUS64 = 0x4C05;

  /** Others take loop devices at the same time; more losses in a row than this are not bad luck. */
  private static final int RACES_MAX = 64;

  private static final int GONE_TRIES = 50;
  private static final Duration GONE_PAUSE = Duration.ofMillis(10);

  private final NativeThreads threads;

  public LoopDevices(NativeThreads threads) {
    this.threads = threads;
  }

  /** Whether this machine has loop devices and we may use them. */
  public NativeResult<Path> probe() {
    return threads.call(
        () ->
            Libc.open(CONTROL, Libc.O_RDWR)
                .then(
                    fd -> {
                      Libc.close(fd.intValue());
                      return new NativeResult.Value<>(Path.of(CONTROL));
                    }));
  }

  /** Attaches {@code image} to a free device. */
  public NativeResult<LoopHold> attach(Path image, LoopUse use) {
    return threads.call(
        () -> {
          var openFlags = use == LoopUse.READ_ONLY_UNTIL_DETACHED ? Libc.O_RDONLY : Libc.O_RDWR;
          return Libc.open(image.toString(), openFlags)
              .then(
                  imageFd -> {
                    try {
                      return attachOpened(imageFd.intValue(), image, use);
                    } finally {
                      Libc.close(imageFd.intValue()); // the device keeps the file open by itself
                    }
                  });
        });
  }

  /**
   * The devices that have a file behind them.
   *
   * <p>Looking closely means opening the device, and a device that is open is not freed with its
   * last mount: so only those are looked at whose file, by the path that the kernel prints, is
   * {@code worthALook}. A path that is stale or of another mount namespace is no proof of anything,
   * so the answer may only be no for paths that are surely somebody else's.
   */
  public List<LoopDevice> attached(Predicate<Path> worthALook) {
    return threads.call(
        () -> {
          List<LoopDevice> devices = new ArrayList<>();
          try (var names = Files.newDirectoryStream(SYS_BLOCK, "loop*")) {
            for (var block : names) {
              if (printedPath(block).filter(worthALook).isPresent()) {
                status(numberOf(block)).ifPresent(devices::add);
              }
            }
          } catch (IOException failure) {
            throw new UncheckedIOException("could not list " + SYS_BLOCK, failure);
          }
          return List.copyOf(devices);
        });
  }

  /**
   * Those of these devices that still have their file behind them, and by the path that the kernel
   * prints are {@code worthALook}: a short way to ask again about what {@link #attached} has found.
   */
  public List<LoopDevice> stillAttached(Collection<LoopDevice> known, Predicate<Path> worthALook) {
    return threads.call(
        () ->
            known.stream()
                .filter(device -> backingPath(device).filter(worthALook).isPresent())
                .filter(
                    device ->
                        status(device.number())
                            .filter(now -> now.file().equals(device.file()))
                            .isPresent())
                .toList());
  }

  /** Keeps {@code device} from going away by itself; fails when it is not the same any more. */
  public NativeResult<LoopHold> hold(LoopDevice device) {
    return threads.call(
        () ->
            Libc.open(device.path().toString(), Libc.O_RDONLY)
                .then(
                    fd -> {
                      var hold = new LoopHold(device.number(), fd.intValue());
                      var now = status(device.number(), fd.intValue());
                      if (now.isPresent() && now.get().file().equals(device.file())) {
                        return new NativeResult.Value<>(hold);
                      }
                      hold.close();
                      return new NativeResult.Failed<>("hold " + device.path(), Errno.ENXIO);
                    }));
  }

  /** The device that is held, as it is now; empty when somebody has taken its file away. */
  public Optional<LoopDevice> of(LoopHold hold) {
    return threads.call(() -> status(hold.number(), hold.fd()));
  }

  /** What the kernel prints as the path of the file; stale when it has moved, so only a hint. */
  public Optional<Path> backingPath(LoopDevice device) {
    return printedPath(SYS_BLOCK.resolve("loop" + device.number()));
  }

  /**
   * Detaches; a device that is still mounted goes away with its mount. One that has gone, or is
   * another file's meanwhile, is left alone: while we have it open and it has been seen to be ours,
   * it cannot change hands.
   *
   * <p>Somebody who looks at all devices of the machine may have it open for a moment, and it goes
   * only when he lets go of it: that is waited for, since a delete may be the next call.
   */
  public NativeResult<Path> detach(LoopDevice device) {
    return threads.call(
        () -> {
          var result = detachNow(device);
          for (var n = 0; n < GONE_TRIES && backingPath(device).isPresent(); n++) {
            Thread.sleep(GONE_PAUSE);
          }
          return result;
        });
  }

  private static NativeResult<Path> detachNow(LoopDevice device) {
    var path = device.path();
    if (!(Libc.open(path.toString(), Libc.O_RDONLY) instanceof NativeResult.Value<Long>(var fd))) {
      return new NativeResult.Value<>(path);
    }
    try {
      var now = status(device.number(), fd.intValue());
      if (now.isEmpty() || !now.get().file().equals(device.file())) {
        return new NativeResult.Value<>(path);
      }
      return Libc.ioctl("detach " + path, fd.intValue(), LOOP_CLR_FD, MemorySegment.NULL)
          .then(_ -> new NativeResult.Value<>(path));
    } finally {
      Libc.close(fd.intValue());
    }
  }

  /**
   * Makes the device as large as its file has become; one that is not the same any more is left.
   */
  public NativeResult<Path> adaptSize(LoopDevice device) {
    return hold(device)
        .then(
            hold ->
                threads.call(
                    () -> {
                      try (hold) {
                        return Libc.ioctl(
                                "adapt the size of " + device.path(),
                                hold.fd(),
                                LOOP_SET_CAPACITY,
                                MemorySegment.NULL)
                            .then(_ -> new NativeResult.Value<>(device.path()));
                      }
                    }));
  }

  /** Whether a device goes by the page cache of the file. */
  public enum DirectIo {
    ON,
    OFF
  }

  /** Where the file's file system cannot do it, on is taken as a wish. */
  public NativeResult<Path> directIo(LoopHold device, DirectIo wanted) {
    var flag = MemorySegment.ofAddress(wanted == DirectIo.ON ? 1 : 0);
    return threads.call(
        () -> {
          var attempt = "set direct I/O %s of %s".formatted(wanted, device.path());
          return switch (Libc.ioctl(attempt, device.fd(), LOOP_SET_DIRECT_IO, flag)) {
            case NativeResult.Failed<Long>(_, var errno)
                when errno.equals(Errno.EINVAL) && wanted == DirectIo.ON ->
                new NativeResult.Value<>(device.path());
            case NativeResult.Failed<Long> failed -> failed.as();
            case NativeResult.Value<Long> _ -> new NativeResult.Value<>(device.path());
          };
        });
  }

  /** How much is read ahead of somebody who reads in order. */
  public NativeResult<Path> readAhead(LoopHold device, int kib) {
    var sectors = MemorySegment.ofAddress(kib * SECTORS_PER_KIB);
    return threads.call(
        () ->
            Libc.ioctl("set read-ahead of " + device.path(), device.fd(), BLKRASET, sectors)
                .then(_ -> new NativeResult.Value<>(device.path())));
  }

  private static NativeResult<LoopHold> attachOpened(int imageFd, Path image, LoopUse use) {
    NativeResult<LoopHold> last = attachToFree(imageFd, image, use);
    for (var races = 0; races < RACES_MAX && lostRace(last); races++) {
      last = attachToFree(imageFd, image, use);
    }
    return last;
  }

  private static boolean lostRace(NativeResult<LoopHold> result) {
    return result instanceof NativeResult.Failed<LoopHold>(_, var errno)
        && errno.equals(Errno.EBUSY);
  }

  private static NativeResult<LoopHold> attachToFree(int imageFd, Path image, LoopUse use) {
    return freeNumber()
        .then(
            number -> {
              var path = LoopDevice.path(number);
              // The device is opened for writing even for read-only use: configuring needs it.
              return Libc.open(path.toString(), Libc.O_RDWR)
                  .then(fd -> configure(fd.intValue(), number, imageFd, image, use));
            });
  }

  private static NativeResult<LoopHold> configure(
      int deviceFd, long number, int imageFd, Path image, LoopUse use) {
    try (var arena = Arena.ofConfined()) {
      var config = LoopStructs.config(arena, imageFd, use, image);
      var attempt = "attach %s to %s".formatted(image, LoopDevice.path(number));
      var result = Libc.ioctl(attempt, deviceFd, LOOP_CONFIGURE, config);
      return switch (result) {
        case NativeResult.Value<Long> _ -> new NativeResult.Value<>(new LoopHold(number, deviceFd));
        case NativeResult.Failed<Long> failed -> {
          Libc.close(deviceFd);
          yield failed.as();
        }
      };
    }
  }

  private static NativeResult<Long> freeNumber() {
    return Libc.open(CONTROL, Libc.O_RDWR)
        .then(
            fd -> {
              try {
                return Libc.ioctl(
                    "find a free loop device",
                    fd.intValue(),
                    LOOP_CTL_GET_FREE,
                    MemorySegment.NULL);
              } finally {
                Libc.close(fd.intValue());
              }
            });
  }

  private static Optional<LoopDevice> status(long number) {
    if (!(Libc.open(LoopDevice.path(number).toString(), Libc.O_RDONLY)
        instanceof NativeResult.Value<Long>(var fd))) {
      return Optional.empty();
    }
    try {
      return status(number, fd.intValue());
    } finally {
      Libc.close(fd.intValue());
    }
  }

  /** Empty when the device has no file any more: that is what the caller asks about. */
  private static Optional<LoopDevice> status(long number, int fd) {
    try (var arena = Arena.ofConfined()) {
      var info = LoopStructs.emptyInfo(arena);
      return switch (Libc.ioctl("status", fd, LOOP_GET_STATUS64, info)) {
        case NativeResult.Value<Long> _ -> Optional.of(LoopStructs.device(number, info));
        case NativeResult.Failed<Long> _ -> Optional.empty();
      };
    }
  }

  /** Empty for a device without a file. */
  private static Optional<Path> printedPath(Path block) {
    try {
      var text = Files.readString(block.resolve("loop/backing_file")).strip();
      var end = text.endsWith(DELETED) ? text.length() - DELETED.length() : text.length();
      return Optional.of(Path.of(text.substring(0, end)));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static long numberOf(Path block) {
    return Long.parseLong(block.getFileName().toString().substring("loop".length()));
  }
}
