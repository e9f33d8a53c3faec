package io.csi4j.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A value that is no number, duration, address, truth or name, at every flag that the help lists:
 * one line that names the flag, and exit 2. What takes any text is listed here, so that a new flag
 * has to say which of the two it is.
 */
class EveryFlagTest {
  private static final String NONSENSE = "!? : =";
  private static final String UNKNOWN = "--never-heard-of";
  private static final Pattern FLAG = Pattern.compile("(?m)^  --(\\S+)$");

  /** Paths, the name of an object or of a file system: any text is a value of these. */
  private static final Set<String> FREE =
      Set.of(
          "default-fstype", "kubeconfig", "kubelet-registration-path", "log", "name", "statedir");

  /** Known for the sake of manifests written for the Go tools, whatever their value. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "automaxprocs",
          "connection-timeout",
          "enable-pprof",
          "log-flush-frequency",
          "log-json-info-buffer-size",
          "log-json-split-stream",
          "log-text-info-buffer-size",
          "log-text-split-stream",
          "mode",
          "resync",
          "vmodule");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "driver local",
        "provisioner",
        "explain pvc",
        "explain pv",
        "explain volumeattachment",
        "attacher",
        "controller",
        "registrar",
        "livenessprobe",
        "node",
        "demo"
      })
  void given_nonsense_at_any_flag_then_one_line_names_it_and_the_exit_is_2(String subcommand) {
    var help = run(subcommand, "--help");
    var takesAnything = new TreeSet<String>();
    for (var flag : FLAG.matcher(help.out()).results().map(found -> found.group(1)).toList()) {
      var answer = run(subcommand, "--" + flag + "=" + NONSENSE, UNKNOWN + "=1");

      assertThat(answer.code()).as(flag).isEqualTo(2);
      var of = answer.err().lines().filter(line -> line.contains("--" + flag + "=")).toList();
      if (of.isEmpty()) {
        takesAnything.add(flag);
      } else {
        assertThat(of).as(flag).hasSize(1);
      }
    }
    assertThat(takesAnything).isSubsetOf(free());
  }

  private static Set<String> free() {
    return Stream.of(FREE, WITHOUT_EFFECT).flatMap(Set::stream).collect(Collectors.toSet());
  }

  private static Answer run(String subcommand, String... flags) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var args = Stream.concat(Stream.of(subcommand.split(" ", -1)), Stream.of(flags)).toList();
    var code = Main.run(List.copyOf(args), new PrintStream(out), new PrintStream(err));
    return new Answer(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private record Answer(int code, String out, String err) {}
}
