package io.csi4j.sidecars.provisioner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.csi4j.sidecars.kit.cluster.Surroundings;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.options.BadFlags;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.time.ManualTime;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which answers are believed; section 12, and decision 9. */
class DoubtTest {

  @Test
  void given_no_flag_then_four_codes_leave_it_open() {
    assertThat(inDoubt())
        .containsExactlyInAnyOrder(
            Code.CANCELED, Code.DEADLINE_EXCEEDED, Code.ABORTED, Code.UNAVAILABLE);
  }

  @Test
  void given_a_driver_whose_internal_error_means_perhaps_then_that_leaves_it_open_too() {
    assertThat(inDoubt("--in-doubt-codes=Internal, Unknown"))
        .contains(Code.INTERNAL, Code.UNKNOWN, Code.ABORTED)
        .doesNotContain(Code.DATA_LOSS, Code.RESOURCE_EXHAUSTED);
  }

  /** They say that nothing was made, or what the scheduler has to do. */
  @ParameterizedTest
  @ValueSource(strings = {"InvalidArgument", "ResourceExhausted", "internal", "Internal;Unknown"})
  void given_a_code_that_is_no_doubt_then_it_does_not_start(String codes) {
    assertThatThrownBy(() -> inDoubt("--in-doubt-codes=" + codes))
        .isInstanceOf(BadFlags.class)
        .hasMessageContaining("--in-doubt-codes=" + codes)
        .hasMessageContaining("some of Unknown, Internal, DataLoss");
  }

  private static Set<Code> inDoubt(String... args) {
    var options = ProvisionerOptions.from(Flags.parse(List.of(args)), new Surroundings("", "", ""));
    return Provisioner.plan(options, new ManualTime()).inDoubt();
  }
}
