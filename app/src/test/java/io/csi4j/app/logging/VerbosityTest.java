package io.csi4j.app.logging;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.sidecars.kit.options.Flags;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class VerbosityTest {
  private static final String PROBE = "io.csi4j.sidecars.livenessprobe.DriverHealth";

  @AfterEach
  void speaksNormally() {
    verbosity("--v=2");
  }

  /** common.md A6 21: the line of each probe that went well. */
  @Test
  void given_level_4_or_5_then_a_good_probe_is_silent_or_one_line() {
    verbosity("--v=4");
    assertThat(Verbosity.shows(PROBE, Level.TRACE)).isFalse();
    assertThat(Verbosity.shows(PROBE, Level.DEBUG)).isTrue();

    verbosity("--v=5");
    assertThat(Verbosity.shows(PROBE, Level.TRACE)).isTrue();
    assertThat(Verbosity.shows("io.netty.channel.X", Level.DEBUG)).isFalse();
  }

  private static void verbosity(String flag) {
    Verbosity.from(Flags.parse(List.of(flag)));
  }
}
