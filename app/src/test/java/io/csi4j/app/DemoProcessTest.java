package io.csi4j.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.driver.framework.syscall.MountTable;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only a process has: exit codes and signals. */
class DemoProcessTest {
  private static final Pattern FOLDER = Pattern.compile("all files are in (\\S+)");

  @TempDir private Path logs = Path.of("");

  @Test
  void given_a_failing_step_then_exit_1_and_its_name_at_the_end() throws Exception {
    try (var program =
        Program.start(logs.resolve("log"), "demo", "--fail=CreateVolume", "--step-timeout=2s")) {
      assertThat(program.exitCode()).isEqualTo(1);

      assertThat(program.output().lines().toList().getLast())
          .startsWith("csi4j demo: step claim failed: waited 2s for this: claim");
      nothingIsLeft(program);
    }
  }

  @Test
  void given_ctrl_c_in_the_middle_then_exit_1_and_nothing_is_left() throws Exception {
    try (var program =
        Program.start(
            logs.resolve("log"), "demo", "--fail=ControllerExpandVolume", "--step-timeout=60s")) {
      program.awaitOutput("has read");
      program.interrupt();

      assertThat(program.exitCode()).isEqualTo(1);
      assertThat(program.output()).contains("step grow failed: stopped by a signal");
      nothingIsLeft(program);
    }
  }

  @Test
  void given_keep_then_it_stays_until_sigterm_and_ends_with_0() throws Exception {
    try (var program = Program.start(logs.resolve("log"), "demo", "--keep")) {
      program.awaitOutput("kubectl delete");
      assertThat(program.runs()).isTrue();
      program.terminate();

      assertThat(program.exitCode()).isZero();
      nothingIsLeft(program);
    }
  }

  @Test
  void given_a_kill_while_volumes_are_mounted_then_the_next_run_removes_what_is_left()
      throws Exception {
    Path left;
    try (var first =
        Program.start(
            logs.resolve("first"), "demo", "--fail=ControllerExpandVolume", "--step-timeout=60s")) {
      first.awaitOutput("has read");
      left = folderOf(first);
      first.kill();
      assertThat(left).exists();
    }

    try (var second =
        Program.start(
            logs.resolve("second"), "demo", "--fail=CreateVolume", "--step-timeout=100ms")) {
      assertThat(second.exitCode()).isEqualTo(1);
      assertThat(second.output()).contains("removed what an earlier run had left: " + left);
    }
    assertThat(left).doesNotExist();
    assertThat(MountTable.read().entries()).noneMatch(entry -> entry.point().startsWith(left));
  }

  private static Path folderOf(Program program) {
    var folder = FOLDER.matcher(program.output());
    assertThat(folder.find()).as(program.output()).isTrue();
    return Path.of(folder.group(1));
  }

  private static void nothingIsLeft(Program program) {
    var folder = folderOf(program);
    assertThat(folder).doesNotExist();
    assertThat(MountTable.read().entries()).noneMatch(entry -> entry.point().startsWith(folder));
  }
}
