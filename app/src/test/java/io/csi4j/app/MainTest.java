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
        .contains("driver local", "provisioner", "attacher", "registrar", "livenessprobe", "demo")
        .doesNotContain("train");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "driver local",
        "provisioner",
        "explain pvc",
        "explain pv",
        "explain volumeattachment",
        "attacher",
        "registrar",
        "livenessprobe",
        "node",
        "demo"
      })
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
    "provisioner, --capacity-threads=0",
    "provisioner, --capacity-poll-interval=0",
    "provisioner, --capacity-ownerref-level=x",
    "provisioner, --kube-api-capacity-qps=fast",
    "provisioner, --cloning-protection-threads=0",
    "provisioner, --snapshot-orphan-sweep-interval=5",
    "provisioner, --node-deployment-max-delay=1s",
    "provisioner, --feature-gates=NoSuchGate=true",
    "provisioner, --provisioner=old",
    "provisioner, --master=http://x",
    "explain pvc, --name=no-slash",
    "explain pv, --name=a/b",
    "explain pvc, --o=yaml",
    "explain volumeattachment, --name=a/b",
    "explain va, --o=yaml",
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
    "registrar, --timeout=0",
    "registrar, --http-endpoint=:x",
    "registrar, --health-port=70000",
    "registrar, --wait-for-driver=30",
    "registrar, --wait-for-ready=maybe",
    "registrar, --keep-socket-on-exit=2",
    "registrar, --reregister-on-change=perhaps",
    "registrar, --feature-gates=Topology=true",
    "registrar, --kubelet-registration-path=",
    "livenessprobe, --check=soon",
    "livenessprobe, --feature-gates=AllBeta",
    "livenessprobe, --metrics-path=metrics",
    "livenessprobe, --health-port=70000",
    "node, --driver=huawei",
    "node, --metrics-path=metrics",
    "node, --health-port=http",
    "node, --csi-address=relative",
    "node, --probe-timeout=0",
    "node, --timeout=5",
    "livenessprobe, --probe-timeout=0",
    "livenessprobe, --health-port=http",
    "driver local, --nodeid=under the sea",
    "driver local, --drivername=-",
    "driver local, --endpoint=nowhere",
    "driver local, --features=everything",
    "driver local, --snapshot-metadata-block-type=SOME",
    "driver local, --max-volume-size=1Gi",
    "driver local, --thin-overcommit=0",
    "driver local, --attach-limit=x",
    "demo, --keep=maybe",
    "demo, --fail=Probe",
    "demo, --log=/no/such/folder/log",
    "demo, --step-timeout=5",
    "demo, --step-timeout=0",
    "demo, --kubeconfig=/no/such/file",
    "demo, --storage-class=x",
    "demo, --namespace=x",
    "demo, --pod-image=x",
    "demo, --provisioner-pods=default"
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

  /** registrar.md 12, 43. */
  @ParameterizedTest
  @ValueSource(strings = {"registrar", "livenessprobe", "node"})
  void given_the_version_is_asked_for_then_it_is_printed_and_nothing_else_is_needed(String part) {
    assertThat(run(part, "-version")).isZero();
    assertThat(text(out)).startsWith("csi4j " + part + " ");
  }

  /** registrar.md 12, 44: these belong to controllers. */
  @ParameterizedTest
  @ValueSource(
      strings = {"--kubeconfig=x", "--leader-election", "--kube-api-qps=5", "--metricspath"})
  void given_a_flag_that_a_registrar_has_not_then_exit_2_and_its_name(String flag) {
    assertThat(run("registrar", flag, "--kubelet-registration-path=/x")).isEqualTo(2);
    assertThat(text(err)).startsWith(flag.replaceFirst("=.*", "") + ": no such flag");
  }

  /** registrar.md 12, 7 and 9: by the rule of this program, bad usage is 2, not upstream's 1. */
  @Test
  void given_a_registrar_without_its_path_then_the_flag_is_named_even_in_the_old_probe_mode() {
    assertThat(run("registrar", "--mode=kubelet-registration-probe")).isEqualTo(2);
    assertThat(text(err)).startsWith("--kubelet-registration-path=: must be given");
  }

  /** registrar.md 12, 11, and common.md A6 11 and 13. */
  @ParameterizedTest
  @CsvSource({
    "registrar --kubelet-registration-path=/x --health-port=1 --http-endpoint=:2",
    "livenessprobe --health-port=9999 --http-endpoint=:1",
    "livenessprobe --metrics-address=:2 --http-endpoint=:1"
  })
  void given_two_flags_for_one_thing_then_exit_1(String line) {
    assertThat(run(line.split(" ", -1))).isEqualTo(1);
    assertThat(text(err)).contains("only one of --http-endpoint and --");
  }

  private int run(String... args) {
    return Main.run(List.of(args), new PrintStream(out), new PrintStream(err));
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
