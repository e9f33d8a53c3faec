package io.csi4j.driver.local;

import static io.csi4j.driver.local.Capabilities.ext4;
import static io.csi4j.driver.local.CsiClient.code;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.driver.framework.syscall.NativeThreads.Watcher;
import io.csi4j.proto.csi.v1.ListSnapshotsRequest;
import io.grpc.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A frozen file system stops every pod that uses it, and stays frozen when its driver is killed;
 * driver.md 14.6.
 */
@Timeout(120)
class LocalFreezeTest {
  private static final long SIZE_BYTES = 16L << 20;

  @TempDir private Path folder;
  private RealDevices machine;
  private Path staging;
  private FrozenCheck check;

  @BeforeEach
  void start() throws Exception {
    RealDevices.assumePossible();
    folder = folder.toRealPath();
    machine = RealDevices.below(folder);
    staging = Files.createDirectory(folder.resolve("staging"));
    check = new FrozenCheck(staging);
  }

  @AfterEach
  void stop() {
    if (machine != null) {
      check.close();
      machine.close();
    }
  }

  @Test
  void given_a_driver_killed_in_the_middle_of_a_cut_then_the_next_life_thaws() throws Exception {
    var dying = DriverProcess.startToDieFrozen(folder, staging);
    try (var client = new CsiClient(folder.resolve("csi.sock"))) {
      dying.awaitReady(client);
      var id = client.create("v1", SIZE_BYTES, ext4()).getVolumeId();
      client.stage(id, staging, ext4());
      Files.writeString(staging.resolve("file"), "content");
      assertThat(code(() -> client.snapshots().create("s1", id)))
          .isEqualTo(Status.Code.UNAVAILABLE);
    }
    dying.awaitDeath();
    assertThat(check.frozen()).as("the kill was in the middle").isTrue();

    try (var driver = LocalDriver.start(DriverProcess.options(folder));
        var client = new CsiClient(folder.resolve("csi.sock"))) {
      assertThat(driver).isNotNull();
      assertThat(check.frozen()).isFalse();
      Files.writeString(staging.resolve("file"), "and more");
      assertThat(snapshots(client)).as("what was half cut is gone").isZero();
      var id = client.create("v1", SIZE_BYTES, ext4()).getVolumeId();
      var snapshot = client.snapshots().create("s1", id).getSnapshotId();
      client.snapshots().delete(snapshot);
      client.unstage(id, staging);
      client.delete(id);
    }
    machine.assertNothingLeft();
  }

  @Test
  void given_a_cut_that_hangs_then_the_watchdog_thaws_and_the_snapshot_is_none() throws Exception {
    var goOn = new CountDownLatch(1);
    var hangs = new HangsWhileFrozen(check, new AtomicBoolean(), new CountDownLatch(1), goOn);
    try (var driver = LocalDriver.start(DriverProcess.options(folder), hangs);
        var client = new CsiClient(folder.resolve("csi.sock"))) {
      assertThat(driver).isNotNull();
      var id = client.create("v1", SIZE_BYTES, ext4()).getVolumeId();
      client.stage(id, staging, ext4());
      var cut =
          CompletableFuture.supplyAsync(() -> code(() -> client.snapshots().create("s1", id)));
      hangs.begun().await();
      assertThat(check.frozen()).isTrue();

      // Number 16 of driver.md 13.4: what is slow for one volume is nothing to another.
      assertThat(code(() -> client.snapshots().create("s2", id))).isEqualTo(Status.Code.ABORTED);
      var other = client.create("v2", SIZE_BYTES, ext4()).getVolumeId();
      client.delete(other);
      assertThat(cut).isNotDone();

      // A writer such as a pod: it hangs until somebody thaws.
      Files.writeString(staging.resolve("file"), "content");

      assertThat(cut).as("the cut still hangs").isNotDone();
      goOn.countDown();
      assertThat(cut).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(snapshots(client)).isZero();
      assertThat(client.snapshots().create("s1", id).getReadyToUse()).as("the next try").isTrue();
      client.unstage(id, staging);
    } finally {
      goOn.countDown();
    }
  }

  private static int snapshots(CsiClient client) {
    return client.snapshots().list(ListSnapshotsRequest.getDefaultInstance()).getEntriesCount();
  }

  /** The first native call while the file system stands still does not come back. */
  private record HangsWhileFrozen(
      FrozenCheck check, AtomicBoolean hung, CountDownLatch begun, CountDownLatch goOn)
      implements Watcher {

    @Override
    public void before() {
      if (!hung.get() && check.frozen() && hung.compareAndSet(false, true)) {
        begun.countDown();
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
