package io.csi4j.sidecars.kit.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.csi4j.sidecars.kit.options.BadFlags;
import io.csi4j.sidecars.kit.options.Flags;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ElectionOptionsTest {

  @Test
  void given_no_flags_then_there_is_no_election_and_upstreams_times() {
    var options = parse();

    assertThat(options.enabled()).isFalse();
    assertThat(options.timing()).isEqualTo(LeaseTiming.DEFAULT);
    assertThat(options.onLoss()).isEqualTo(OnLoss.STEP_DOWN);
  }

  /** B18 39. */
  @ParameterizedTest
  @CsvSource({
    "test-driver, test-driver",
    "test!driver/foo, test-driver-foo",
    "driver\\, driver-X",
    "hostpath.csi.k8s.io, hostpath-csi-k8s-io"
  })
  void given_a_name_then_it_is_made_fit_as_upstream_does(String name, String fit) {
    assertThat(LeaseName.sanitized(name)).isEqualTo(fit);
  }

  /** B18 41. */
  @Test
  void given_labels_then_occurrences_add_up() {
    assertThat(parse("--leader-election-labels=a:b,c:d").labels())
        .isEqualTo(Map.of("a", "b", "c", "d"));
    assertThat(parse("--leader-election-labels=a:b", "--leader-election-labels", "c:d").labels())
        .isEqualTo(Map.of("a", "b", "c", "d"));
  }

  /** B18 41. */
  @ParameterizedTest
  @ValueSource(strings = {"a", "a:b:c", "a:b,c", ":b"})
  void given_malformed_labels_then_they_are_refused(String text) {
    assertThatThrownBy(() -> parse("--leader-election-labels=" + text))
        .isInstanceOf(BadFlags.class)
        .hasMessage(
            "--leader-election-labels=%s: must be pairs such as key1:value1,key2:value2", text);
  }

  /** B18 50. */
  @Test
  void given_impossible_durations_then_they_are_refused() {
    assertThatThrownBy(
            () ->
                parse(
                    "--leader-election-lease-duration=15s", "--leader-election-renew-deadline=15s"))
        .isInstanceOf(BadFlags.class)
        .hasMessageContaining("--leader-election-lease-duration=15s: must be longer than");
    assertThatThrownBy(() -> parse("--leader-election-retry-period=9s"))
        .isInstanceOf(BadFlags.class)
        .hasMessageContaining("must be longer than 1.2 times --leader-election-retry-period");
    assertThatThrownBy(() -> parse("--leader-election-retry-period=0"))
        .isInstanceOf(BadFlags.class);
  }

  private static ElectionOptions parse(String... args) {
    var flags = Flags.parse(List.of(args));
    var options = ElectionOptions.from(flags);
    flags.throwIfAnyProblem();
    return options;
  }
}
