package io.csi4j.sidecars.kit.component;

import static org.awaitility.Awaitility.await;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** A component on a thread of its own, as {@code main} runs it: for tests of whole components. */
public final class RunningComponent implements AutoCloseable {
  private static final long END_SECONDS_MAX = 20;

  private final Component component;
  private final CompletableFuture<Void> end = new CompletableFuture<>();

  private RunningComponent(Component component) {
    this.component = component;
  }

  public static RunningComponent start(Component component) {
    var running = new RunningComponent(component);
    Thread.ofVirtual().start(running::run);
    return running;
  }

  /** Does not wait for its end. */
  public void askToEnd() {
    component.close();
  }

  public boolean ended() {
    return end.isDone();
  }

  /** Throws what the component threw. */
  public void awaitEnd() throws Throwable {
    try {
      end.get(END_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause();
    }
  }

  private void run() {
    try {
      component.run();
      end.complete(null);
    } catch (InterruptedException | RuntimeException e) {
      end.completeExceptionally(e);
    }
  }

  @Override
  public void close() {
    component.close();
    await().until(end::isDone);
  }
}
