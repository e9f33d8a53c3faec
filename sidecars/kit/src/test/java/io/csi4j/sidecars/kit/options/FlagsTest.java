package io.csi4j.sidecars.kit.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Scenarios of common.md B18 and forms of B13. */
class FlagsTest {

  /** B18 77. */
  @Test
  void given_every_form_of_flag_then_all_are_understood() {
    var options = read("-v=5", "--timeout", "90s", "--leader-election", "--csi-address=/a=b");

    assertThat(options).isEqualTo(new Options(5, Duration.ofSeconds(90), true, "/a=b"));
  }

  @Test
  void given_no_flags_then_defaults_hold() {
    assertThat(read()).isEqualTo(new Options(2, Duration.ofSeconds(15), false, "/run/csi/socket"));
  }

  @Test
  void given_a_flag_twice_then_the_last_one_wins() {
    assertThat(read("--timeout=1s", "--timeout=2s").timeout()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void given_a_boolean_in_each_spelling_of_no_then_it_is_off() {
    for (var no : List.of("0", "f", "F", "false", "FALSE", "False")) {
      assertThat(read("--leader-election=" + no).leaderElection()).isFalse();
    }
  }

  /** B18 78: Go would drop all flags after it without a word. */
  @Test
  void given_a_boolean_with_its_value_as_a_word_then_the_culprit_is_named() {
    assertThatThrownBy(() -> read("--leader-election", "true", "--timeout=1s"))
        .isInstanceOf(BadFlags.class)
        .hasMessage(
            "--leader-election true: a yes-or-no flag takes its value after an equals sign:"
                + " --leader-election=true");
  }

  /** B18 79. */
  @Test
  void given_a_duration_without_unit_then_it_is_refused_with_what_is_allowed() {
    assertThatThrownBy(() -> read("--timeout=15"))
        .isInstanceOf(BadFlags.class)
        .hasMessage(
            "--timeout=15: must be a duration with a unit, such as 15s or 1m30s (default 15s)");
  }

  @Test
  void given_several_mistakes_then_each_is_one_line() {
    assertThatThrownBy(() -> read("--timout=1s", "--v=x", "stray", "--csi-address"))
        .isInstanceOf(BadFlags.class)
        .message()
        .isEqualToNormalizingNewlines(
            """
            stray: not a flag; flags are written --name=value
            --v=x: must be a whole number, 0 or more (default 2)
            --csi-address: needs a value: --csi-address=VALUE
            --timout: no such flag; did you mean --timeout?""");
  }

  @Test
  void given_a_bare_yes_that_is_refused_then_it_is_one_line_without_a_value() {
    var flags = Flags.parse(List.of("--leader-election"));
    var elects = flags.truth("leader-election", Flags.Presence.OFF, "one of several works");

    flags.require(!elects, "leader-election", "given with --lease");

    assertThatThrownBy(flags::throwIfAnyProblem)
        .isInstanceOf(BadFlags.class)
        .hasMessage("--leader-election: must be given with --lease");
  }

  @Test
  void given_a_yes_in_a_word_that_is_refused_then_the_line_has_it() {
    var flags = Flags.parse(List.of("--leader-election=t"));
    var elects = flags.truth("leader-election", Flags.Presence.OFF, "one of several works");

    flags.require(!elects, "leader-election", "given with --lease");

    assertThatThrownBy(flags::throwIfAnyProblem)
        .hasMessage("--leader-election=t: must be given with --lease");
  }

  @Test
  void given_no_value_where_one_is_required_then_it_is_one_line() {
    var flags = Flags.parse(List.of("--lease"));
    flags.requiredText("lease", "name of the lease");

    assertThatThrownBy(flags::throwIfAnyProblem)
        .hasMessage("--lease: needs a value: --lease=VALUE");
  }

  @Test
  void given_no_value_to_one_part_then_the_line_has_the_flag_as_written() {
    var flags = Flags.parse(List.of("--attacher-timeout"));
    flags.part("attacher").duration("timeout", Duration.ofSeconds(15), "limit of each call");

    assertThatThrownBy(flags::throwIfAnyProblem)
        .hasMessage("--attacher-timeout: needs a value: --attacher-timeout=VALUE");
  }

  @Test
  void given_a_cry_for_help_then_every_flag_is_listed_with_its_default() {
    assertThatThrownBy(() -> read("--help"))
        .isInstanceOf(HelpWanted.class)
        .hasMessageContaining("--timeout")
        .hasMessageContaining("(default 15s)");
  }

  @Test
  void given_go_durations_then_they_are_read_to_the_nanosecond() {
    assertThat(GoDuration.parse("1m30s")).contains(Duration.ofSeconds(90));
    assertThat(GoDuration.parse("1.5h")).contains(Duration.ofMinutes(90));
    assertThat(GoDuration.parse("0")).contains(Duration.ZERO);
    assertThat(GoDuration.parse("100us")).contains(Duration.ofNanos(100_000));
    assertThat(Arrays.asList("", "15", "s", "1d", "1 s", "999999999999h"))
        .allMatch(text -> GoDuration.parse(text).isEmpty());
    assertThat(GoDuration.format(Duration.ofMinutes(5))).isEqualTo("5m");
  }

  private static Options read(String... args) {
    var flags = Flags.parse(List.of(args));
    var options =
        new Options(
            flags.count("v", 2, "how much is logged"),
            flags.duration("timeout", Duration.ofSeconds(15), "limit of each call"),
            flags.truth("leader-election", Flags.Presence.OFF, "one of several replicas works"),
            flags.text("csi-address", "/run/csi/socket", "the driver's socket"));
    flags.throwIfAnyProblem();
    return options;
  }

  private record Options(int verbosity, Duration timeout, boolean leaderElection, String address) {}
}
