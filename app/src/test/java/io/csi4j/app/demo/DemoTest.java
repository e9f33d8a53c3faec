package io.csi4j.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.csi4j.driver.framework.syscall.MountTable;
import io.csi4j.sidecars.kit.component.Component.Fatal;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.time.SystemTime;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole story, in this process. */
class DemoTest {
  private static final List<String> STEPS =
      List.of("cluster", "claim", "attach", "mount", "clone", "read", "grow", "crash", "delete");
  private static final Pattern FOLDER = Pattern.compile("all files are in (\\S+)");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void given_a_machine_that_can_mount_then_all_steps_end_well_on_images() throws Exception {
    assumeThat(imagesCanBeMounted()).as("left out: no root, or no loop devices").isTrue();

    play("--plain");

    assertThat(text())
        .contains("Volumes are ext4 images")
        .contains("NodeStageVolume", "ControllerPublishVolume", "NodeExpandVolume")
        .contains("3 volumes = 3 PVs")
        .contains("The story ended well");
    assertThat(endedWell()).containsExactlyElementsOf(STEPS);
  }

  @Test
  void given_no_way_to_mount_then_all_steps_end_well_on_folders_and_it_says_so() throws Exception {
    play("--plain", "--folders");

    assertThat(text())
        .contains("Volumes are folders, and nothing is mounted: as --folders asks for.")
        .contains("3 volumes = 3 PVs")
        .doesNotContain("NodeStageVolume");
    assertThat(endedWell()).containsExactlyElementsOf(STEPS);
  }

  @ParameterizedTest
  @CsvSource({
    "CreateVolume, claim",
    "ControllerPublishVolume, attach",
    "NodePublishVolume, mount",
    "ControllerExpandVolume, grow"
  })
  void given_a_driver_that_refuses_then_the_step_is_named_with_the_reason(
      String call, String step) {
    var failure = catchThrowable(() -> play("--folders", "--fail=" + call, "--step-timeout=3s"));

    assertThat(failure)
        .isInstanceOf(Fatal.class)
        .hasMessageStartingWith("step %s failed: ".formatted(step))
        .hasMessageContaining("refused, as --fail asks for");
    assertThat(text()).contains("FAILED").doesNotContain("The story ended well");
  }

  @AfterEach
  void nothing_is_left_of_it() {
    var folder = FOLDER.matcher(text());
    if (folder.find()) {
      var path = Path.of(folder.group(1));
      assertThat(path).doesNotExist();
      assertThat(MountTable.read().entries()).noneMatch(entry -> entry.point().startsWith(path));
    }
  }

  private List<String> endedWell() {
    return text()
        .lines()
        .filter(line -> line.startsWith("  ok "))
        .map(line -> line.strip().split("\\s+", -1)[3])
        .toList();
  }

  private static boolean imagesCanBeMounted() throws Exception {
    var folder = Files.createTempDirectory("probe");
    try {
      return Storage.tryOut(folder) instanceof Storage.Images;
    } finally {
      Files.delete(folder);
    }
  }

  private void play(String... args) throws InterruptedException {
    try (var time = new SystemTime()) {
      Demo.of(Flags.parse(List.of(args)), time, new PrintStream(out, true, StandardCharsets.UTF_8))
          .run();
    }
  }

  private String text() {
    return out.toString(StandardCharsets.UTF_8);
  }
}
