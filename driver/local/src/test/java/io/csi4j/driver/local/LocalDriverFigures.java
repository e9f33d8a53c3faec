package io.csi4j.driver.local;

import static io.csi4j.driver.local.Capabilities.ext4;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Figures, not assertions: calls per second and how long each takes, through the socket of the
 * packaged program, or of whatever driver listens at {@code -Dcsi4j.socket=PATH}. Run by {@code
 * driver/rates}.
 */
@Tag("figures")
@Timeout(1200)
class LocalDriverFigures {
  private static final long SIZE_BYTES = 16L << 20;
  private static final int[] CALLERS = {1, 16, 64};
  private static final int CALLS = 192;
  private static final int WARM_UP = 64;

  @TempDir private Path folder;

  @Test
  void rates_of_calls_through_the_socket() throws Exception {
    RealDevices.assumePossible();
    folder = folder.toRealPath();
    var given = System.getProperty("csi4j.socket", "");
    var process = given.isEmpty() ? packaged() : null;
    var socket = given.isEmpty() ? folder.resolve("csi.sock") : Path.of(given);
    try (var client = new CsiClient(socket)) {
      await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(socket));
      rounds(client, "warm-" + System.nanoTime(), 16, WARM_UP);
      print("%-24s %8s %8s %9s %9s".formatted("call", "callers", "per s", "p50 ms", "p99 ms"));
      for (var callers : CALLERS) {
        rounds(client, "v-" + System.nanoTime(), callers, CALLS).forEach(LocalDriverFigures::print);
      }
    } finally {
      if (process != null) {
        process.destroy();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  private Process packaged() throws IOException {
    return new ProcessBuilder(
            "../../csi4j",
            "driver",
            "local",
            "--endpoint=unix://" + folder.resolve("csi.sock"),
            "--nodeid=node-a",
            "--statedir=" + folder.resolve("state"))
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("driver.log").toFile())
        .start();
  }

  /** Makes so many volumes and takes them down again; a line for each kind of call. */
  private List<String> rounds(CsiClient client, String name, int callers, int calls)
      throws Exception {
    List<String> lines = new ArrayList<>();
    var ids = new String[calls];
    var snapshots = new String[calls];
    lines.add(
        measure(
            "CreateVolume",
            callers,
            calls,
            n -> ids[n] = client.create(name + n, SIZE_BYTES, ext4()).getVolumeId()));
    lines.add(
        measure(
            "CreateSnapshot",
            callers,
            calls,
            n -> snapshots[n] = client.snapshots().create(name + n, ids[n]).getSnapshotId()));
    for (var n = 0; n < calls; n++) {
      client.stage(ids[n], Files.createDirectory(folder.resolve(name + n)), ext4());
    }
    lines.add(
        measure(
            "NodePublish+Unpublish",
            callers,
            calls,
            n -> {
              var target = folder.resolve(name + n + "-target");
              client.publish(ids[n], folder.resolve(name + n), target, ext4());
              client.unpublish(ids[n], target);
            }));
    for (var n = 0; n < calls; n++) {
      client.unstage(ids[n], folder.resolve(name + n));
      client.snapshots().delete(snapshots[n]);
    }
    lines.add(measure("DeleteVolume", callers, calls, n -> client.delete(ids[n])));
    return lines;
  }

  private static String measure(String call, int callers, int calls, IntConsumer work)
      throws InterruptedException {
    var next = new AtomicInteger();
    var took = new ConcurrentLinkedQueue<Long>();
    var begun = System.nanoTime();
    var threads =
        IntStream.range(0, callers)
            .mapToObj(
                _ ->
                    Thread.ofVirtual()
                        .start(
                            () -> {
                              for (var n = next.getAndIncrement();
                                  n < calls;
                                  n = next.getAndIncrement()) {
                                var from = System.nanoTime();
                                work.accept(n);
                                took.add(System.nanoTime() - from);
                              }
                            }))
            .toList();
    for (var thread : threads) {
      thread.join();
    }
    var seconds = (System.nanoTime() - begun) / 1e9;
    var sorted = took.stream().sorted().toList();
    assertThat(sorted).as("%s: some calls failed", call).hasSize(calls);
    return "%-24s %8d %8.0f %9.1f %9.1f"
        .formatted(
            call,
            callers,
            calls / seconds,
            sorted.get(calls / 2) / 1e6,
            sorted.get(calls * 99 / 100) / 1e6);
  }

  private static void print(String line) {
    System.out.println(line);
  }
}
