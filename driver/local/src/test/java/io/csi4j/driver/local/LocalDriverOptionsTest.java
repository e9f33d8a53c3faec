package io.csi4j.driver.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.driver.local.LocalDriverOptions.BlockMetadata;
import io.csi4j.driver.spi.BlockDevices.Content;
import io.csi4j.driver.spi.ContentSource;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** driver.md 13.3 and 14.8. */
class LocalDriverOptionsTest {

  @Test
  void given_a_node_id_then_the_defaults_are_as_documented() {
    assertThat(LocalDriverOptions.of("node-a"))
        .isEqualTo(
            new LocalDriverOptions(
                "unix:///tmp/csi.sock",
                "node-a",
                Path.of("/csi-data-dir"),
                "local.csi4j.io",
                "0.1.0",
                false,
                0,
                0,
                1L << 40,
                true,
                EnumSet.of(
                    Feature.CONTROLLER_EXPANSION, Feature.NODE_EXPANSION, Feature.LIST_SNAPSHOTS),
                BlockMetadata.FIXED_LENGTH,
                10));
    assertThat(LocalDriverOptions.of("node-a").problems()).isEmpty();
  }

  @Test
  void given_several_mistakes_then_all_are_told_by_flag() {
    var options =
        new LocalDriverOptions(
            "csi.sock",
            "",
            Path.of("/d"),
            "Local!",
            "1",
            true,
            -1,
            -1,
            0,
            true,
            Feature.defaults(),
            BlockMetadata.FIXED_LENGTH,
            0);

    assertThat(options.problems().keySet())
        .containsExactly(
            "attach-limit",
            "drivername",
            "endpoint",
            "max-volume-size",
            "maxvolumespernode",
            "nodeid",
            "thin-overcommit");
  }

  @Test
  void given_a_node_then_its_ids_have_its_tag_and_are_fit_for_a_path() {
    var ids = new Ids("node-a", new Random(1));
    var others = new Ids("node-b", new Random(1));

    var id = ids.next();

    assertThat(id).matches("[0-9a-f]{10}\\.[0-9a-f-]{36}").isNotEqualTo(ids.next());
    assertThat(others.next().substring(0, 10)).isNotEqualTo(id.substring(0, 10));
  }

  @Test
  void given_a_volume_when_written_and_read_then_it_is_the_same() {
    var parameters = new TreeMap<>(Map.of("allocation", "thick", "z", ""));
    var tuning = new TreeMap<>(Map.of("directIo", "off"));
    var mounted =
        new VolumeRecord(
            "id",
            "a/ name\n",
            4096,
            new Content.FileSystem("ext4"),
            parameters,
            tuning,
            new ContentSource.FromSnapshot("s"),
            Stage.READY);
    var raw =
        new VolumeRecord(
            "id",
            "n",
            1,
            new Content.Raw(),
            new TreeMap<>(),
            new TreeMap<>(),
            new ContentSource.FromVolume("v"),
            Stage.BEING_MADE);

    assertThat(VolumeRecord.of("id", mounted.fields())).isEqualTo(mounted);
    assertThat(VolumeRecord.of("id", raw.fields())).isEqualTo(raw);
  }

  @Test
  void given_a_snapshot_and_its_group_when_written_and_read_then_they_are_the_same() {
    var snapshot =
        new SnapshotRecord(
            "id",
            "name",
            "volume",
            4096,
            new Content.Raw(),
            Instant.ofEpochSecond(5, 6),
            "group",
            Stage.READY);
    var group =
        new GroupRecord(
            "id",
            "name",
            new TreeSet<>(List.of("v1", "v2")),
            new TreeMap<>(Map.of("consistency", "volume")),
            Instant.ofEpochSecond(5, 6),
            Stage.BEING_REMOVED);

    assertThat(SnapshotRecord.of("id", snapshot.fields())).isEqualTo(snapshot);
    assertThat(GroupRecord.of("id", group.fields())).isEqualTo(group);
  }
}
