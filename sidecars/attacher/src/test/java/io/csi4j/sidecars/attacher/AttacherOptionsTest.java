package io.csi4j.sidecars.attacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.csi4j.sidecars.attacher.AttacherOptions.ErrorCodes;
import io.csi4j.sidecars.attacher.AttacherOptions.Listings;
import io.csi4j.sidecars.attacher.AttacherOptions.Working;
import io.csi4j.sidecars.kit.options.BadFlags;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.queue.BackOff;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** attacher.md 5. */
class AttacherOptionsTest {

  @Test
  void given_no_flags_then_defaults_are_upstreams_but_for_the_workers() {
    var options = read();

    assertThat(options.working())
        .isEqualTo(
            new Working(
                OptionalInt.empty(),
                new BackOff(Duration.ofSeconds(1), Duration.ofMinutes(5)),
                "",
                ErrorCodes.WRITTEN,
                new Listings(Duration.ofMinutes(1), 0)));
    assertThat(options.connections().timeout()).isEqualTo(Duration.ofSeconds(15));
    assertThat(options.connections().driver()).hasToString("unix:///run/csi/socket");
    assertThat(options.connections().election().enabled()).isFalse();
  }

  @Test
  void given_each_flag_then_it_counts() {
    var options =
        read(
            "--timeout=1m",
            "--worker-threads=100",
            "--retry-interval-start=500ms",
            "--retry-interval-max=30s",
            "--default-fstype=ext4",
            "--reconcile-sync=10m",
            "--max-entries=500",
            "--feature-gates=ReleaseLeaderElectionOnExit=true,MutableCSINodeAllocatableCount=false");

    assertThat(options.working())
        .isEqualTo(
            new Working(
                OptionalInt.of(100),
                new BackOff(Duration.ofMillis(500), Duration.ofSeconds(30)),
                "ext4",
                ErrorCodes.LEFT_OUT,
                new Listings(Duration.ofMinutes(10), 500)));
    assertThat(options.connections().timeout()).isEqualTo(Duration.ofMinutes(1));
  }

  /** A manifest written for upstream: none of these changes what a user could notice. */
  @Test
  void given_upstreams_flags_that_tune_what_is_not_there_then_they_are_accepted() {
    var options =
        read(
            "--resync=1h",
            "--automaxprocs",
            "--vmodule=controller=5",
            "--log-flush-frequency=5s",
            "--log-json-split-stream=true",
            "--log-json-info-buffer-size=0",
            "--log-text-split-stream",
            "--log-text-info-buffer-size=1Ki",
            "--feature-gates=ContextualLogging=true");

    assertThat(options.working()).isEqualTo(read().working());
  }

  /** Upstream has dropped these, too. */
  @ParameterizedTest
  @ValueSource(strings = {"dummy", "connection-timeout"})
  void given_a_flag_that_would_promise_too_much_then_it_is_refused(String name) {
    assertThatThrownBy(() -> read("--" + name + "=x"))
        .isInstanceOf(BadFlags.class)
        .hasMessageContaining("--" + name + ": no such flag");
  }

  @ParameterizedTest
  @CsvSource({
    "worker-threads, 0",
    "worker-threads, -1",
    "reconcile-sync, 0s",
    "max-entries, -1",
    "feature-gates, NoSuchGate=true",
    "feature-gates, MutableCSINodeAllocatableCount=maybe",
    "timeout, 0s",
    "timeout, 15",
    "retry-interval-start, 0s",
    "retry-interval-max, 500ms",
    "csi-address, relative.sock"
  })
  void given_a_value_that_cannot_be_then_flag_and_value_are_named(String name, String value) {
    assertThatThrownBy(() -> read("--" + name + "=" + value))
        .isInstanceOf(BadFlags.class)
        .hasMessageStartingWith("--%s=%s: must be ".formatted(name, value));
  }

  private static AttacherOptions read(String... args) {
    return AttacherOptions.from(Flags.parse(List.of(args)));
  }
}
