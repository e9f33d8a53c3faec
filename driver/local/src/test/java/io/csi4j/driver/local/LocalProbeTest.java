package io.csi4j.driver.local;

import static io.csi4j.driver.local.Capabilities.ext4;
import static io.csi4j.driver.local.CsiClient.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.csi4j.driver.framework.syscall.NativeThreads.Watcher;
import io.grpc.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a probe is told; driver.md 1, 3 and 14.11. */
@Timeout(120)
class LocalProbeTest {
  private static final long SIZE_BYTES = 16L << 20;

  @TempDir private Path folder;

  @BeforeEach
  void assumePossible() {
    RealDevices.assumePossible();
  }

  @Test
  void given_a_node_without_loop_devices_then_a_probe_says_so() throws Exception {
    var driver = DriverProcess.startWithoutDevices(folder);
    try (var client = new CsiClient(folder.resolve("csi.sock"))) {
      driver.awaitListening();

      await().until(() -> code(client::ready), Status.Code.FAILED_PRECONDITION::equals);
      assertThat(client.info().getNodeId()).as("other questions have answers").isEqualTo("node-a");
    } finally {
      driver.kill();
    }
  }

  /**
   * After a restart of a node with many volumes that takes a while, and nobody must wait blindly.
   */
  @Test
  void given_a_recovery_that_lasts_then_it_listens_and_says_that_it_is_not_ready()
      throws Exception {
    var socket = folder.resolve("csi.sock");
    try (var driver = LocalDriver.start(DriverProcess.options(folder));
        var client = new CsiClient(socket)) {
      assertThat(driver).isNotNull();
      client.create("v1", SIZE_BYTES, ext4());
    }
    var goOn = new CountDownLatch(1);

    var starting = CompletableFuture.supplyAsync(() -> start(new HangsWhenListening(socket, goOn)));
    try (var client = new CsiClient(socket)) {
      await().until(() -> Files.exists(socket));
      assertThat(client.ready()).isFalse();
      assertThat(code(() -> client.create("v1", SIZE_BYTES, ext4())))
          .isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(starting).isNotDone();

      goOn.countDown();
      starting.join();
      assertThat(client.ready()).isTrue();
      client.delete(client.create("v1", SIZE_BYTES, ext4()).getVolumeId());
    } finally {
      goOn.countDown();
      starting.join().close();
    }
  }

  private LocalDriver start(Watcher watcher) {
    try {
      return LocalDriver.start(DriverProcess.options(folder), watcher);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** What an earlier life has left is looked at behind the socket. */
  private record HangsWhenListening(Path socket, CountDownLatch goOn) implements Watcher {

    @Override
    public void before() {
      if (Files.exists(socket)) {
        try {
          goOn.await();
        } catch (InterruptedException failure) {
          throw new IllegalStateException(failure);
        }
      }
    }

    @Override
    public void after() {}
  }
}
