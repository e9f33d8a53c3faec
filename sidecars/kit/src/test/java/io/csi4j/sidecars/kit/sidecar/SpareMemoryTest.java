package io.csi4j.sidecars.kit.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.sidecars.kit.sidecar.SpareMemory.Look;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpareMemoryTest {
  private static final long MIB = 1024 * 1024;

  @ParameterizedTest(name = "{5}")
  @CsvSource({
    "30, 60, 31, 16, true, grown and idle",
    "30, 60, 33, 16, false, at work",
    "30, 60, 20, 16, false, collected meanwhile so at work",
    "30, 60, 30, 53, false, nothing to gain",
  })
  void given_two_looks_at_the_heap_then_a_collection_pays_or_not(
      long usedBefore, long total, long used, long totalAfter, boolean pays, String why) {
    assertThat(
            SpareMemory.pays(
                new Look(total * MIB, usedBefore * MIB),
                new Look(total * MIB, used * MIB),
                totalAfter * MIB))
        .as(why)
        .isEqualTo(pays);
  }
}
