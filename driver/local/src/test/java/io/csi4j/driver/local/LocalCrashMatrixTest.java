package io.csi4j.driver.local;

import static io.csi4j.driver.local.Capabilities.block;
import static io.csi4j.driver.local.Capabilities.ext4;
import static io.csi4j.driver.local.Capabilities.mount;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.csi4j.proto.csi.v1.ListSnapshotsRequest;
import io.csi4j.proto.csi.v1.VolumeCapability;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A story of all that changes something, and a driver that kills itself (SIGKILL) in front of each
 * of its native calls in turn: journal writes, files, loop devices, mounts, freezes, mkfs. The next
 * life has lost nothing, leaks nothing, and the same story goes to its end; driver.md 14.9, number
 * 17 of 13.4.
 *
 * <p>{@code driver/crash} dies everywhere; without {@code -Dcsi4j.crash.every}, it is a sample.
 */
@Timeout(3600)
class LocalCrashMatrixTest {
  private static final long MIB = 1L << 20;
  private static final int SAMPLE = 6;
  private static final int DEATHS_PER_LINE = 10;
  private static final String INLINE = "csi-00ff";

  @TempDir private Path folder;

  @ParameterizedTest(name = "pool on {0}")
  @ValueSource(strings = {"dir", "xfs", "btrfs"})
  void given_a_driver_that_dies_at_any_call_then_the_next_life_loses_and_leaks_nothing(String kind)
      throws Exception {
    RealDevices.assumePossible();
    var wanted = System.getProperty("csi4j.crash.pool", "all");
    assumeThat(wanted).as("left out: only pools on %s", wanted).isIn("all", kind);
    folder = folder.toRealPath();
    try (var machine = RealDevices.below(folder);
        var pool = RealPool.make(folder, kind)) {
      var world = World.on(kind, pool.folder(), machine);
      try {
        var calls = world.prepare();
        var every = Integer.getInteger("csi4j.crash.every", Math.max(1, calls / SAMPLE));
        var deaths = 0;
        var afterTheStory = 0;
        var last = Math.min(calls, Integer.getInteger("csi4j.crash.to", calls));
        for (var call = Integer.getInteger("csi4j.crash.from", 1); call <= last; call += every) {
          if (!world.dieAt(call)) {
            afterTheStory++;
          }
          deaths++;
          if (deaths % DEATHS_PER_LINE == 0) {
            System.out.printf(
                "crash matrix, pool on %s: at call %d of %d, %d deaths survived%n",
                kind, call, calls, deaths);
          }
        }
        System.out.printf(
            "crash matrix, pool on %s: %d calls in the story, SIGKILL at %d of them, %d more after its end, 0 volumes lost, 0 leaks%n",
            kind, calls, deaths - afterTheStory, afterTheStory);
        assertThat(deaths - afterTheStory).isGreaterThan(SAMPLE / 2);
      } finally {
        machine.loseMounts(pool.folder());
      }
    }
  }

  /** One pool, with data in it, over many lives. */
  private record World(
      Path place, RealDevices machine, VolumeCapability files, Map<String, String> cut) {

    /** On btrfs volumes are subvolumes, which cannot be frozen, so each is cut by itself. */
    static World on(String kind, Path place, RealDevices machine) {
      return kind.equals("btrfs")
          ? new World(place, machine, mount(""), Map.of("consistency", "volume"))
          : new World(place, machine, ext4(), Map.of());
    }

    /** Puts data into the pool, and counts the calls of the story. */
    int prepare() throws IOException {
      for (var name : List.of("staging", "staging2", "data")) {
        Files.createDirectories(place.resolve(name));
      }
      var counter = new CallCounter(Integer.MAX_VALUE);
      try (var driver = LocalDriver.start(DriverProcess.options(place), counter);
          var client = new CsiClient(place.resolve("csi.sock"))) {
        assertThat(driver).isNotNull();
        var data = client.create("data", 16 * MIB, files).getVolumeId();
        client.stage(data, place.resolve("data"), files);
        Files.writeString(place.resolve("data/file"), "precious");
        client.unstage(data, place.resolve("data"));
        client.snapshots().create("data", data);
        var before = counter.calls().get();
        story(client);
        return counter.calls().get() - before;
      }
    }

    /** Whether it died in the story: at its end calls differ by a few, and then it is killed. */
    boolean dieAt(int call) throws Exception {
      var inTheStory = false;
      Files.deleteIfExists(place.resolve("csi.sock"));
      var process = DriverProcess.start(place, call);
      try (var client = new CsiClient(place.resolve("csi.sock"))) {
        process.awaitReady(client);
        story(client);
        process.kill();
      } catch (StatusRuntimeException failure) {
        assertThat(failure.getStatus().getCode())
            .as("at call %d: %s", call, failure)
            .isEqualTo(Status.Code.UNAVAILABLE);
        process.awaitDeath();
        inTheStory = true;
      }
      nextLife(call);
      return inTheStory;
    }

    private void nextLife(int call) throws Exception {
      try (var driver = LocalDriver.start(DriverProcess.options(place));
          var client = new CsiClient(place.resolve("csi.sock"))) {
        assertThat(driver).isNotNull();
        assertKnown(client, call);
        story(client);
        var data = client.create("data", 16 * MIB, files).getVolumeId();
        client.stage(data, place.resolve("data"), files);
        assertThat(place.resolve("data/file")).as("at call %d", call).hasContent("precious");
        client.unstage(data, place.resolve("data"));
        assertThat(client.volumes(0, "").getEntriesCount()).as("at call %d", call).isEqualTo(1);
        assertThat(names("state/volumes")).as("at call %d, with pods' own", call).hasSize(1);
      }
      machine.assertNothingLeftBut(place);
    }

    /** What is on the disk is what callers are told about. */
    private void assertKnown(CsiClient client, int call) throws IOException {
      var volumes =
          client.volumes(0, "").getEntriesList().stream()
              .map(entry -> entry.getVolume().getVolumeId())
              .collect(Collectors.toCollection(TreeSet::new));
      var snapshots =
          client
              .snapshots()
              .list(ListSnapshotsRequest.getDefaultInstance())
              .getEntriesList()
              .stream()
              .map(entry -> entry.getSnapshot().getSnapshotId())
              .collect(Collectors.toCollection(TreeSet::new));
      var known = names("state/volumes");
      // A pod's own volume is no controller's business; kubelet knows of it, and comes again.
      known.remove(INLINE);
      assertThat(known).as("at call %d", call).isEqualTo(volumes);
      assertThat(names("state/snapshots")).as("at call %d", call).isEqualTo(snapshots);
      assertThat(client.volumes(0, "").getEntriesList())
          .as("at call %d", call)
          .allMatch(entry -> client.health(entry.getVolume().getVolumeId()).isEmpty());
    }

    private Set<String> names(String name) throws IOException {
      try (var entries = Files.list(place.resolve(name))) {
        return entries
            .map(entry -> entry.getFileName().toString())
            .collect(Collectors.toCollection(TreeSet::new));
      }
    }

    /** Every call may be a repeated one: that is how callers go on after a crash. */
    private void story(CsiClient client) throws IOException {
      var staging = place.resolve("staging");
      var second = place.resolve("staging2");
      var target = place.resolve("target");
      var device = place.resolve("device");
      var inline = place.resolve("inline");

      var volume = client.create("v1", 16 * MIB, files).getVolumeId();
      client.stage(volume, staging, files);
      client.publish(volume, staging, target, files);
      Files.writeString(target.resolve("file"), "content");
      var snapshot = client.snapshots().create("s1", volume).getSnapshotId();
      var restored = client.createFromSnapshot("r1", 32 * MIB, files, snapshot).getVolumeId();
      var group = client.snapshots().group("g1", List.of(volume), cut).getGroupSnapshotId();
      var clone = client.createFromVolume("c1", 16 * MIB, files, volume).getVolumeId();
      client.expand(restored, 64 * MIB, 0);
      client.stage(restored, second, files);
      assertThat(second.resolve("file")).hasContent("content");
      client.modify(restored, Map.of("readAheadKiB", "256"));
      client.unstage(restored, second);
      var raw = client.create("b1", 16 * MIB, block()).getVolumeId();
      client.stage(raw, second, block());
      client.publish(raw, second, device, block());
      client.expand(raw, 32 * MIB, 0);

      client.publishInline(INLINE, inline, files, Map.of("size", "16Mi"));
      Files.writeString(inline.resolve("file"), "a pod's own");

      client.unpublish(INLINE, inline);
      client.unpublish(raw, device);
      client.unstage(raw, second);
      client.delete(raw);
      client.delete(restored);
      client.delete(clone);
      client.snapshots().deleteGroup(group, List.of());
      client.snapshots().delete(snapshot);
      client.unpublish(volume, target);
      client.unstage(volume, staging);
      client.delete(volume);
    }
  }
}
