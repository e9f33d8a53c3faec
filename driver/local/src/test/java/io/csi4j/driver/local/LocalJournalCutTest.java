package io.csi4j.driver.local;

import static io.csi4j.driver.local.Capabilities.block;
import static io.csi4j.driver.local.Capabilities.ext4;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.proto.csi.v1.ListSnapshotsRequest;
import io.csi4j.proto.csi.v1.ListSnapshotsResponse;
import io.csi4j.proto.csi.v1.ListVolumesResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * driver.md 14.9, number 17 of 13.4: wherever the journal is cut, the driver opens it, and what it
 * has lost is found by its description.
 *
 * <p>{@code driver/crash} cuts at every byte; without {@code -Dcsi4j.journal.cut.every}, it is a
 * sample.
 */
@Timeout(1800)
class LocalJournalCutTest {
  private static final long MIB = 1L << 20;
  private static final int SAMPLE_BYTES = 97;

  @TempDir private Path folder;

  @Test
  void given_the_journal_cut_anywhere_then_nothing_is_lost() throws Exception {
    RealDevices.assumePossible();
    folder = folder.toRealPath();
    var before = life(LocalJournalCutTest::fill);
    var journal = newest(folder.resolve("state/journal"));
    var whole = Files.readAllBytes(journal);
    var every = Integer.getInteger("csi4j.journal.cut.every", SAMPLE_BYTES);

    var cuts = 0;
    for (var length = whole.length; length >= 0; length -= every) {
      remove(folder.resolve("state/journal"));
      Files.createDirectories(journal.getParent());
      Files.write(journal, Arrays.copyOf(whole, length));
      assertThat(life(LocalJournalCutTest::look)).as("cut at %d", length).isEqualTo(before);
      cuts++;
      if (cuts % 500 == 0) {
        System.out.printf("journal of %d bytes: %d cuts, nothing lost%n", whole.length, cuts);
      }
    }
    remove(folder.resolve("state/journal"));
    assertThat(life(LocalJournalCutTest::look)).as("without a journal").isEqualTo(before);

    System.out.printf(
        "journal of %d bytes cut at %d of them: opened each time, 0 volumes or snapshots lost%n",
        whole.length, cuts);
    assertThat(cuts).isGreaterThan(1);
  }

  /** All that callers are told about. */
  private record Known(ListVolumesResponse volumes, ListSnapshotsResponse snapshots) {}

  private interface Work {
    Known with(CsiClient client);
  }

  private Known life(Work work) throws IOException {
    try (var driver = LocalDriver.start(DriverProcess.options(folder));
        var client = new CsiClient(folder.resolve("csi.sock"))) {
      assertThat(driver).isNotNull();
      return work.with(client);
    }
  }

  private static Known fill(CsiClient client) {
    var id = client.create("v1", 16 * MIB, ext4()).getVolumeId();
    var other = client.create("v2", 16 * MIB, block()).getVolumeId();
    client.expand(other, 32 * MIB, 0);
    client.modify(id, Map.of("readAheadKiB", "64"));
    client.snapshots().create("s1", id);
    return look(client);
  }

  private static Known look(CsiClient client) {
    return new Known(
        client.volumes(0, ""), client.snapshots().list(ListSnapshotsRequest.getDefaultInstance()));
  }

  private static Path newest(Path journal) throws IOException {
    try (var files = Files.list(journal)) {
      return files.sorted().toList().getLast();
    }
  }

  private static void remove(Path folder) throws IOException {
    try (var entries = Files.walk(folder)) {
      for (var entry : entries.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(entry);
      }
    }
  }
}
