package io.csi4j.driver.local;

import static io.csi4j.driver.local.Capabilities.block;
import static io.csi4j.driver.local.Capabilities.ext4;
import static io.csi4j.driver.local.CsiClient.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.greaterThan;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code kill -9} while volumes are made, used and removed; number 17 of driver.md 13.4, and its
 * 14.11.
 */
@Timeout(120)
class LocalDriverCrashTest {
  private static final long SIZE_BYTES = 8L << 20;
  private static final int WORKERS = 4;

  @TempDir private Path folder;
  private final AtomicInteger rounds = new AtomicInteger();

  /** Why each worker ended. */
  private final Queue<Status.Code> endings = new ConcurrentLinkedQueue<>();

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void given_a_driver_killed_at_any_moment_then_the_next_life_forgets_nothing_and_leaks_nothing(
      long seed) throws Exception {
    RealDevices.assumePossible();
    folder = folder.toRealPath();
    try (var machine = RealDevices.below(folder)) {
      var driver = DriverProcess.start(folder);
      workUntilKilled(driver, Duration.ofMillis(new Random(seed).nextInt(200)));

      try (var next = LocalDriver.start(DriverProcess.options(folder));
          var client = new CsiClient(folder.resolve("csi.sock"))) {
        assertThat(next).isNotNull();
        for (var worker = 0; worker < WORKERS; worker++) {
          takeDown(client, worker);
        }
      }

      machine.assertNothingLeft();
      assertThat(folder.resolve("state/volumes")).isEmptyDirectory();
    }
  }

  private void workUntilKilled(DriverProcess driver, Duration life) throws Exception {
    List<Thread> workers = new ArrayList<>();
    try (var client = new CsiClient(folder.resolve("csi.sock"))) {
      driver.awaitReady(client);
      for (var n = 0; n < WORKERS; n++) {
        var worker = n;
        workers.add(Thread.ofVirtual().start(() -> work(client, worker)));
      }
      await().untilAtomic(rounds, greaterThan(2 * WORKERS));
      Thread.sleep(life); // a real process: its moment of death is what the test is about
      driver.kill();
      for (var worker : workers) {
        worker.join();
      }
      assertThat(endings)
          .as("no call fails but by the driver's death")
          .hasSize(WORKERS)
          .containsOnly(Status.Code.UNAVAILABLE);
    }
  }

  /** Round after round, until the driver is dead. */
  private void work(CsiClient client, int worker) {
    var staging = folder.resolve("staging" + worker);
    var target = folder.resolve("target" + worker);
    var capability = worker % 2 == 0 ? ext4() : block();
    try {
      Files.createDirectory(staging);
      while (true) {
        var id = client.create("v" + worker, SIZE_BYTES, capability).getVolumeId();
        client.stage(id, staging, capability);
        client.publish(id, staging, target, capability);
        client.unpublish(id, target);
        client.unstage(id, staging);
        client.delete(id);
        rounds.incrementAndGet();
      }
    } catch (StatusRuntimeException failure) {
      endings.add(failure.getStatus().getCode());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** What kubelet and the sidecars do: the same calls again, and then the way back. */
  private void takeDown(CsiClient client, int worker) {
    var staging = folder.resolve("staging" + worker);
    var target = folder.resolve("target" + worker);
    var capability = worker % 2 == 0 ? ext4() : block();
    var id = client.create("v" + worker, SIZE_BYTES, capability).getVolumeId();
    client.stage(id, staging, capability);
    client.publish(id, staging, target, capability);
    client.unpublish(id, target);
    client.unstage(id, staging);
    assertThat(code(() -> client.delete(id))).isEqualTo(Status.Code.OK);
  }
}
