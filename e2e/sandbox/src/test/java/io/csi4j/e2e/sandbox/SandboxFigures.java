package io.csi4j.e2e.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.e2e.sandbox.contract.Load;
import io.csi4j.e2e.sandbox.contract.ServerUnderTest;
import java.util.ArrayList;
import java.util.Collections;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Figures, printed: {@code ./mvnw -Pfigures -pl e2e/sandbox -am test -Dtest=SandboxFigures
 * -Dsurefire.failIfNoSpecifiedTests=false}. {@code RealServerFigures} in e2e/cluster prints the
 * same of a real API server.
 */
@Tag("figures")
class SandboxFigures {
  private static final int STARTS = 21;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final int HELD = 20_000;
  private static final int MEBI = 1024 * 1024;

  @Test
  void from_start_to_the_first_answer() throws Exception {
    var millis = new ArrayList<Long>();
    for (var run = 0; run < STARTS; run++) {
      var begin = System.nanoTime();
      try (var sandbox = Sandbox.start()) {
        millis.add((System.nanoTime() - begin) / NANOS_PER_MILLI);
        try (var load = new Load(server(sandbox))) {
          assertThat(load.listAll()).isZero();
        }
      }
    }
    var first = millis.removeFirst();
    Collections.sort(millis);
    System.out.printf(
        "start to serving: first %d ms, then median %d ms, worst %d ms%n",
        first, millis.get(millis.size() / 2), millis.getLast());
  }

  @Test
  void writes_and_watches() throws Exception {
    try (var sandbox = Sandbox.start();
        var load = new Load(server(sandbox))) {
      load.writesPerSecond(10, 3000);
      System.out.printf("writes/s, 1 client: %d%n", load.writesPerSecond(1, 3000));
      System.out.printf("writes/s, 50 clients: %d%n", load.writesPerSecond(50, 10_000));
      System.out.printf(
          "events/s to 10 watchers, 10 writers: %d%n", load.eventsPerSecond(10, 10, 3000));
    }
  }

  @Test
  void many_objects() throws Exception {
    try (var sandbox = Sandbox.start();
        var load = new Load(server(sandbox))) {
      var rate = load.writesPerSecond(20, HELD);
      sandbox.trace().clear();
      var begin = System.nanoTime();
      assertThat(load.listAll()).isEqualTo(HELD);
      System.out.printf(
          "%d claims held: heap in use %d MiB (the test, too), made at %d/s, listed by 500 in %d ms%n",
          HELD, used() / MEBI, rate, (System.nanoTime() - begin) / NANOS_PER_MILLI);
    }
  }

  private static long used() {
    System.gc();
    var runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static ServerUnderTest server(Sandbox sandbox) {
    return new ServerUnderTest(sandbox.kubeconfig(), _ -> sandbox.compact());
  }
}
