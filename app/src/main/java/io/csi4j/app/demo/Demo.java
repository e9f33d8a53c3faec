package io.csi4j.app.demo;

import io.csi4j.sidecars.kit.component.Component;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.options.Flags;
import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;

/** {@code csi4j demo}. A signal ends it at its next wait, and it cleans up before it goes. */
public final class Demo implements Component {
  private final DemoOptions options;
  private final Time time;
  private final PrintStream out;
  private final Stop stop = new Stop();
  private final CountDownLatch ended = new CountDownLatch(1);

  private Demo(DemoOptions options, Time time, PrintStream out) {
    this.options = options;
    this.time = time;
    this.out = out;
  }

  public static Component of(Flags flags, Time time) {
    return of(flags, time, System.out);
  }

  static Component of(Flags flags, Time time, PrintStream out) {
    return new Demo(DemoOptions.from(flags), time, out);
  }

  @Override
  public void run() throws InterruptedException {
    try {
      new Play(options, time, out, stop).run();
    } finally {
      ended.countDown();
    }
  }

  /** Returns when everything is cleaned up: until then the process must live. */
  @Override
  public void close() {
    stop.ask();
    try {
      ended.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
