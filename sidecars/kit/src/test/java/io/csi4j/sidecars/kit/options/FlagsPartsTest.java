package io.csi4j.sidecars.kit.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** One command line for several controllers. */
class FlagsPartsTest {

  @Test
  void given_a_flag_of_two_parts_then_both_get_it_and_each_has_its_own_default() {
    var flags = Flags.parse(List.of("--workers=7"));

    assertThat(workers(flags.part("one"), 1)).isEqualTo(7);
    assertThat(workers(flags.part("two"), 2)).isEqualTo(7);
    assertThat(workers(Flags.parse(List.of()).part("two"), 2)).isEqualTo(2);
  }

  @Test
  void given_a_flag_with_a_part_s_prefix_then_that_part_alone_gets_it_wherever_it_stands() {
    var flags = Flags.parse(List.of("--two-workers=3", "--workers=7"));

    assertThat(workers(flags.part("one"), 1)).isEqualTo(7);
    assertThat(workers(flags.part("two"), 2)).isEqualTo(3);
    assertThatCode(flags::throwIfAnyProblem).doesNotThrowAnyException();
  }

  @Test
  void given_mistakes_in_parts_then_the_whole_reports_them_once_and_as_they_were_written() {
    var flags = Flags.parse(List.of("--two-workers=x", "--wait=y", "--worker=1"));
    workers(flags.part("one"), 1);
    workers(flags.part("two"), 2);
    for (var part : List.of("three", "four")) {
      var own = flags.part(part);
      own.count("wait", 5, "");
      own.throwIfAnyProblem();
    }

    assertThatThrownBy(flags::throwIfAnyProblem)
        .isInstanceOf(BadFlags.class)
        .hasMessage(
            String.join(
                System.lineSeparator(),
                "--two-workers=x: must be a whole number, 0 or more (default 2)",
                "--wait=y: must be a whole number, 0 or more (default 5)",
                "--worker: no such flag; did you mean --workers?"));
  }

  /** {@code one} does not know what {@code two} knows. */
  @Test
  void given_a_prefix_with_a_flag_that_its_part_does_not_know_then_it_is_unknown() {
    var flags = Flags.parse(List.of("--one-wait=1"));
    workers(flags.part("one"), 1);
    flags.part("two").count("wait", 5, "");

    assertThatThrownBy(flags::throwIfAnyProblem)
        .isInstanceOf(BadFlags.class)
        .hasMessageStartingWith("--one-wait: no such flag");
  }

  @Test
  void given_help_is_wanted_then_each_part_s_flags_are_told() {
    var flags = Flags.parse(List.of("--help"));
    workers(flags.part("one"), 1);
    workers(flags.part("two"), 2);

    assertThatThrownBy(flags::throwIfAnyProblem)
        .isInstanceOf(HelpWanted.class)
        .hasMessageContaining("Of one, each also as --one-NAME")
        .hasMessageContaining("(default 2)");
  }

  private static int workers(Flags flags, int fallback) {
    var workers = flags.count("workers", fallback, "at once");
    flags.throwIfAnyProblem();
    return workers;
  }
}
