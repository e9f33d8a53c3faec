package io.csi4j.driver.framework.syscall;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Platform threads for what would hold the carrier of a virtual thread: mount, ioctl, fsync,
 * waiting for a process.
 *
 * <p>The caller waits; it is never let go before the work has ended, not even by an interrupt,
 * since a mount that goes on after its caller gave up its lock is exactly the double work that the
 * locks are there to prevent. The queue needs no bound of its own: each caller waits, so it is
 * never longer than the number of calls in flight.
 */
public final class NativeThreads implements AutoCloseable {
  private static final long IDLE_SECONDS = 30;

  private final ThreadPoolExecutor pool;
  private final Watcher watcher;

  /** Is told of each piece of work on the thread that does it; tests end the process there. */
  public interface Watcher {
    Watcher NOBODY =
        new Watcher() {
          @Override
          public void before() {}

          @Override
          public void after() {}
        };

    void before();

    void after();
  }

  /** {@code name} is the role in the thread names, {@code width} how many run at once. */
  public NativeThreads(String name, int width) {
    this(name, width, Watcher.NOBODY);
  }

  public NativeThreads(String name, int width, Watcher watcher) {
    this.watcher = watcher;
    pool =
        new ThreadPoolExecutor(
            width,
            width,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("csi4j-driver-" + name + "-", 1).factory());
    pool.allowCoreThreadTimeOut(true);
  }

  /**
   * Runs {@code work} on one of the threads and waits for its end. Unchecked exceptions arrive as
   * they are.
   */
  public <T> T call(Callable<T> work) {
    var task =
        new FutureTask<T>(
            () -> {
              watcher.before();
              var result = work.call();
              watcher.after();
              return result;
            });
    pool.execute(task);
    var interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException _) {
          interrupted = true;
        } catch (ExecutionException failure) {
          throw unchecked(failure);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    pool.shutdown();
  }

  private static RuntimeException unchecked(ExecutionException failure) {
    return switch (failure.getCause()) {
      case RuntimeException exception -> exception;
      case Error error -> throw error;
      case null, default -> new IllegalStateException(failure);
    };
  }
}
