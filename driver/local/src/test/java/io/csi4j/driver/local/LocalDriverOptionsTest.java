package io.csi4j.driver.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.driver.framework.spi.BlockDevices.Content;
import io.csi4j.driver.local.VolumeRecord.Stage;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
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
                true));
    assertThat(LocalDriverOptions.of("node-a").problems()).isEmpty();
  }

  @Test
  void given_several_mistakes_then_all_are_told_by_flag() {
    var options =
        new LocalDriverOptions("csi.sock", "", Path.of("/d"), "Local!", "1", true, -1, -1, 0, true);

    assertThat(options.problems().keySet())
        .containsExactly(
            "attach-limit",
            "drivername",
            "endpoint",
            "max-volume-size",
            "maxvolumespernode",
            "nodeid");
  }

  @Test
  void given_a_node_then_its_ids_have_its_tag_and_are_fit_for_a_path() {
    var ids = new VolumeIds("node-a", new Random(1));
    var others = new VolumeIds("node-b", new Random(1));

    var id = ids.next();

    assertThat(id).matches("[0-9a-f]{10}\\.[0-9a-f-]{36}").isNotEqualTo(ids.next());
    assertThat(others.next().substring(0, 10)).isNotEqualTo(id.substring(0, 10));
  }

  @Test
  void given_a_volume_when_written_and_read_then_it_is_the_same() {
    var parameters = new TreeMap<>(Map.of("allocation", "thick", "z", ""));
    var mounted =
        new VolumeRecord(
            "id", "a/ name\n", 4096, new Content.FileSystem("ext4"), parameters, Stage.READY);
    var raw = new VolumeRecord("id", "n", 1, new Content.Raw(), new TreeMap<>(), Stage.BEING_MADE);

    assertThat(VolumeRecord.of("id", mounted.fields())).isEqualTo(mounted);
    assertThat(VolumeRecord.of("id", raw.fields())).isEqualTo(raw);
  }
}
