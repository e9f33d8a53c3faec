package io.csi4j.driver.framework.syscall;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.driver.spi.DeviceNumber;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The form of mountinfo; driver.md 14.5. */
class MountTableTest {
  private static final String TABLE =
      """
      22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
      30 22 7:3 / /var/lib/pods/one\\040two rw,nosuid shared:7 master:2 - ext4 /dev/loop3 rw,errors=remount-ro
      31 22 7:3 / /target ro,relatime - ext4 /dev/loop3 rw
      32 22 0:5 /loop4 /block/target rw - devtmpfs devtmpfs rw
      33 22 7:5 / /target rw - ext4 /dev/loop5 ro
      34 22 7:6 / /cut
      """;

  @Test
  void given_optional_fields_when_parsed_then_all_whole_lines_are_there() {
    var table = MountTable.parse(TABLE);

    assertThat(table.entries()).hasSize(5);
    assertThat(table.entries().getFirst())
        .isEqualTo(new MountEntry(new DeviceNumber(254, 0), "/", Path.of("/"), "ext4", false));
  }

  @Test
  void given_an_escaped_space_when_parsed_then_the_path_has_it() {
    var table = MountTable.parse(TABLE);

    assertThat(table.topAt(Path.of("/var/lib/pods/one two"))).isPresent();
  }

  @Test
  void given_an_escaped_character_of_two_bytes_when_parsed_then_the_path_has_it() {
    // The kernel leaves bytes above 127 alone; the table is read as Latin-1.
    var table = MountTable.parse("1 2 7:0 / /\u00c3\u00a9\\134 rw - ext4 /dev/loop0 rw\n");

    assertThat(table.topAt(Path.of("/é\\"))).isPresent();
  }

  @Test
  void given_two_mounts_at_a_place_then_the_later_is_on_top() {
    var table = MountTable.parse(TABLE);

    assertThat(table.topAt(Path.of("/target")))
        .get()
        .extracting(MountEntry::device)
        .isEqualTo(new DeviceNumber(7, 5));
    assertThat(table.at(Path.of("/target"))).hasSize(2);
  }

  @Test
  void given_ro_of_the_mount_or_of_the_file_system_then_it_is_read_only() {
    var table = MountTable.parse(TABLE);

    assertThat(table.at(Path.of("/target")))
        .extracting(MountEntry::readOnly)
        .containsExactly(true, true);
  }

  @Test
  void given_a_device_then_all_its_places_are_found() {
    var table = MountTable.parse(TABLE);

    assertThat(table.of(new DeviceNumber(7, 3)))
        .extracting(MountEntry::point)
        .containsExactly(Path.of("/var/lib/pods/one two"), Path.of("/target"));
  }

  @Test
  void when_the_real_table_is_read_then_the_root_is_in_it() {
    assertThat(MountTable.read().topAt(Path.of("/"))).isPresent();
  }

  /** btrfs may be on several devices, so its mounts have a number that is no device's. */
  @Test
  void given_a_file_system_with_a_number_of_its_own_then_the_device_is_found_by_its_node() {
    var line = "50 22 0:41 / /mnt rw - btrfs /dev/loop3 rw\n60 22 0:42 / /tmp rw - tmpfs none rw\n";

    var table = MountTable.parse(line, _ -> Optional.of(new DeviceNumber(7, 3)));

    assertThat(table.of(new DeviceNumber(7, 3))).hasSize(1);
    assertThat(table.entries().get(1).device()).isEqualTo(new DeviceNumber(0, 42));
  }
}
