package io.csi4j.sidecars.attacher;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.sidecars.kit.doors.Code;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class AttacherTest {

  /** Scenario 91 and the table of attacher.md 15. */
  @Test
  void given_a_code_then_it_is_known_whether_the_call_may_still_be_running() {
    assertThat(Attacher.IN_DOUBT)
        .isEqualTo(
            EnumSet.of(
                Code.CANCELED,
                Code.DEADLINE_EXCEEDED,
                Code.RESOURCE_EXHAUSTED,
                Code.ABORTED,
                Code.UNAVAILABLE))
        .doesNotContain(Code.NOT_FOUND);
  }
}
