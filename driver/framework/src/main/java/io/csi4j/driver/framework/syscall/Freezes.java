package io.csi4j.driver.framework.syscall;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Holds file systems still for a moment, so that what is on their disks is whole.
 *
 * <p>A frozen file system stops every writer, and stays frozen when it is unmounted and when we are
 * killed. So each freeze has a watchdog that ends it, whatever the thread that began it is doing;
 * who was killed thaws at the next start with {@link #thaw}.
 */
public final class Freezes implements AutoCloseable {
  private static final long FIFREEZE = 0xC004_5877L;
  private static final long FITHAW = 0xC004_5878L;
  private static final long IDLE_SECONDS = 30;

  private final NativeThreads threads;
  private final ScheduledThreadPoolExecutor watchdogs;

  public Freezes(NativeThreads threads) {
    this.threads = threads;
    this.watchdogs =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("csi4j-driver-thaw-", 1).factory());
    watchdogs.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    watchdogs.allowCoreThreadTimeOut(true);
    watchdogs.setRemoveOnCancelPolicy(true);
  }

  /** A frozen file system. */
  public final class Frozen {
    private final Path mounted;
    private final int fd;
    private final ScheduledFuture<?> watchdog;

    /** Guarded by this object's monitor. */
    private boolean thawed;

    private boolean heldLongEnough = true;

    private Frozen(Path mounted, int fd, Duration limit) {
      this.mounted = mounted;
      this.fd = fd;
      this.watchdog = watchdogs.schedule(this::giveUp, limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Ends it. Fails when it had ended before, because it took longer than the limit: then what was
     * done meanwhile is worth nothing.
     */
    public NativeResult<Path> thaw() {
      return threads.call(this::thawNow);
    }

    private synchronized NativeResult<Path> thawNow() {
      watchdog.cancel(false);
      if (!thawed) {
        return end();
      }
      return heldLongEnough
          ? new NativeResult.Value<>(mounted)
          : new NativeResult.Failed<>("keep %s frozen long enough".formatted(mounted), Errno.EINTR);
    }

    private synchronized void giveUp() {
      if (!thawed) {
        heldLongEnough = false;
        var _ = end();
      }
    }

    private NativeResult<Path> end() {
      thawed = true;
      var result = Libc.ioctl("thaw " + mounted, fd, FITHAW, MemorySegment.NULL);
      Libc.close(fd);
      return result.then(_ -> new NativeResult.Value<>(mounted));
    }
  }

  /** Freezes what is mounted at {@code mounted}, for {@code limit} at most. */
  public NativeResult<Frozen> freeze(Path mounted, Duration limit) {
    return threads.call(
        () ->
            Libc.open(mounted.toString(), Libc.O_RDONLY)
                .then(
                    fd ->
                        switch (Libc.ioctl(
                            "freeze " + mounted, fd.intValue(), FIFREEZE, MemorySegment.NULL)) {
                          case NativeResult.Value<Long> _ ->
                              new NativeResult.Value<>(new Frozen(mounted, fd.intValue(), limit));
                          case NativeResult.Failed<Long> failed -> {
                            Libc.close(fd.intValue());
                            yield failed.as();
                          }
                        }));
  }

  /** Thaws what somebody has left frozen; says whether it was. */
  public NativeResult<Boolean> thaw(Path mounted) {
    return threads.call(
        () ->
            Libc.open(mounted.toString(), Libc.O_RDONLY)
                .then(
                    fd -> {
                      try {
                        return switch (Libc.ioctl(
                            "thaw " + mounted, fd.intValue(), FITHAW, MemorySegment.NULL)) {
                          case NativeResult.Value<Long> _ -> new NativeResult.Value<>(true);
                          case NativeResult.Failed<Long>(_, var errno)
                              when errno.equals(Errno.EINVAL) ->
                              new NativeResult.Value<>(false);
                          case NativeResult.Failed<Long> failed -> failed.as();
                        };
                      } finally {
                        Libc.close(fd.intValue());
                      }
                    }));
  }

  @Override
  public void close() {
    watchdogs.shutdown();
  }
}
