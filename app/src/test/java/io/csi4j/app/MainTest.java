package io.csi4j.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person sees who types. */
class MainTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void given_a_cry_for_help_then_all_subcommands_are_named() {
    assertThat(run("--help")).isZero();

    assertThat(text(out))
        .contains("driver local", "provisioner", "attacher", "registrar", "livenessprobe")
        .doesNotContain("train");
  }

  @ParameterizedTest
  @ValueSource(strings = {"driver local", "provisioner", "attacher", "registrar", "livenessprobe"})
  void given_help_for_a_subcommand_then_an_example_and_its_flags(String subcommand) {
    assertThat(run((subcommand + " --help").split(" ", -1))).isZero();

    assertThat(text(out)).contains("Example:", "csi4j " + subcommand, "--v", "--logging-format");
  }

  @Test
  void given_nothing_then_usage_and_exit_2() {
    assertThat(run()).isEqualTo(2);
    assertThat(text(err)).contains("Usage:");
  }

  @Test
  void given_an_unknown_subcommand_then_those_there_are() {
    assertThat(run("provisoner")).isEqualTo(2);
    assertThat(text(err)).contains("csi4j provisoner: no such subcommand; there are: driver local");
  }

  /** One bad value at each flag that has a form: one line that names it, and exit 2. */
  @ParameterizedTest
  @CsvSource({
    "provisioner, --timeout=15",
    "provisioner, --worker-threads=0",
    "provisioner, --csi-address=dns:///x",
    "provisioner, --volume-name-uuid-length=0",
    "provisioner, --volume-name-uuid-length=33",
    "provisioner, --volume-name-prefix=",
    "provisioner, --retry-interval-max=1ms",
    "provisioner, --strict-topology=maybe",
    "provisioner, --http-endpoint=9808",
    "provisioner, --metrics-path=metrics",
    "provisioner, --on-connection-loss=panic",
    "provisioner, --leader-election-on-loss=panic",
    "provisioner, --leader-election-lease-duration=5s",
    "provisioner, --leader-election-labels=a",
    "provisioner, --logging-format=xml",
    "provisioner, --v=loud",
    "attacher, --worker-threads=-1",
    "attacher, --retry-interval-start=0",
    "registrar, --plugin-registration-path=relative",
    "livenessprobe, --probe-timeout=0",
    "livenessprobe, --health-port=http",
    "driver local, --nodeid=under the sea",
    "driver local, --drivername=-",
    "driver local, --endpoint=nowhere",
    "driver local, --features=everything",
    "driver local, --snapshot-metadata-block-type=SOME",
    "driver local, --max-volume-size=1Gi",
    "driver local, --thin-overcommit=0",
    "driver local, --attach-limit=x"
  })
  void given_a_bad_value_then_one_line_names_flag_and_value(String subcommand, String flag) {
    var line = subcommand + " " + flag.replace(' ', '_');
    var args = line.split(" ", -1);
    args[args.length - 1] = flag;

    assertThat(run(args)).isEqualTo(2);

    assertThat(text(err).lines().filter(each -> each.startsWith(flag + ": must be ")).toList())
        .as(text(err))
        .hasSize(1);
    assertThat(text(err)).doesNotContain("Exception");
  }

  private int run(String... args) {
    return Main.run(List.of(args), new PrintStream(out), new PrintStream(err));
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
