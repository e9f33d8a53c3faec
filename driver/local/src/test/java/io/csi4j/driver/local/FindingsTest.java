package io.csi4j.driver.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.driver.local.Findings.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** driver.md 15: what a machine lacks is said at the start. */
class FindingsTest {
  @TempDir private Path folder;

  @Test
  void given_programs_and_rights_then_they_are_told() throws IOException {
    program("mkfs.xfs");
    program("mkfs.ext4");
    Files.createFile(folder.resolve("mkfs.btrfs")); // nothing that can be run

    var found =
        Findings.of(
            new Machine(
                List.of(folder.resolve("no-such"), folder),
                List.of("Name:\tjava", "CapPrm:\t0000000000000000", "CapEff:\t000001ffffffffff")));

    assertThat(found)
        .isEqualTo(Map.of("fileSystems", "ext4,xfs", "growthOfMountedExt4", "at once"));
  }

  @Test
  void given_no_programs_and_not_all_rights_then_it_says_so() {
    var found = Findings.of(new Machine(List.of(folder), List.of("CapEff:\t000001fffeffffff")));

    assertThat(found)
        .isEqualTo(Map.of("fileSystems", "", "growthOfMountedExt4", "at the next stage"));
  }

  private void program(String name) throws IOException {
    Files.createFile(
        folder.resolve(name),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
  }
}
