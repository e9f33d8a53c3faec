package io.csi4j.sidecars.attacher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttacherNamesTest {

  /** Scenario 90: the table of attacher.md 7. */
  @ParameterizedTest
  @CsvSource({
    "csi/test, external-attacher/csi-test",
    "csi-test, external-attacher/csi-test",
    "trailing\\, external-attacher/trailing-X",
    "s!a@n#i$t(i%z^e&d*, external-attacher/s-a-n-i-t-i-z-e-d-X",
    "Case.Kept, external-attacher/Case-Kept"
  })
  void given_a_drivers_name_then_the_finalizer_is_upstreams(String driver, String finalizer) {
    assertThat(new AttacherNames(driver).finalizer()).isEqualTo(finalizer);
  }
}
