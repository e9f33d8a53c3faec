package io.csi4j.driver.framework.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Reason;
import io.csi4j.driver.spi.Trait;
import io.csi4j.proto.csi.v1.CapacityRange;
import io.csi4j.proto.csi.v1.VolumeCapability;
import io.csi4j.proto.csi.v1.VolumeCapability.AccessMode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The limits of driver.md 2.3. */
class FieldChecksTest {

  @Test
  void given_a_name_of_128_bytes_then_fine_and_one_more_is_not() {
    assertThat(passes(checks().name("name", "x".repeat(128)))).isTrue();
    assertThat(passes(checks().name("name", "x".repeat(129)))).isFalse();
    assertThat(passes(checks().name("name", "é".repeat(64)))).isTrue();
    assertThat(passes(checks().name("name", "é".repeat(65)))).isFalse();
  }

  @Test
  void given_odd_but_legal_names_then_fine() {
    assertThat(passes(checks().name("name", "a/../b c\td\ne\r \uD83D\uDE00"))).isTrue();
  }

  @Test
  void given_control_characters_then_not() {
    for (var c : "\u0000\u0001\u0008\u000b\u000c\u000e\u001f\u007f\u0080\u009f".toCharArray()) {
      assertThat(passes(checks().name("name", "a" + c))).as("U+%04X", (int) c).isFalse();
    }
  }

  @Test
  void given_maps_over_4_kib_then_not() {
    assertThat(passes(checks().map("parameters", Map.of("k", "v".repeat(4095))))).isTrue();
    assertThat(passes(checks().map("parameters", Map.of("k", "v".repeat(4096))))).isFalse();
  }

  @Test
  void given_mount_flags_over_4_kib_in_total_then_not() {
    assertThat(passes(checks().capabilities("c", List.of(flags(2048, 2048))))).isTrue();
    assertThat(passes(checks().capabilities("c", List.of(flags(2048, 2049))))).isFalse();
  }

  @Test
  void given_a_path_as_long_as_the_kernel_takes_then_fine_and_one_more_is_not() {
    assertThat(passes(checks().path("target_path", "/" + "x".repeat(4095)))).isTrue();
    assertThat(passes(checks().path("target_path", "/" + "x".repeat(4096)))).isFalse();
    assertThat(passes(checks().path("target_path", "some/path"))).isFalse();
    assertThat(passes(checks().anyPath("volume_path", "some/path"))).isTrue();
  }

  @Test
  void given_capacities_that_cannot_be_then_not() {
    assertThat(passes(checks().capacity(range(5, 5)))).isTrue();
    assertThat(passes(checks().capacity(range(5, 0)))).isTrue();
    assertThat(passes(checks().capacity(range(6, 5)))).isFalse();
    assertThat(passes(checks().capacity(range(-1, 0)))).isFalse();
    assertThat(passes(checks().capacity(range(0, -1)))).isFalse();
  }

  @Test
  void given_capabilities_without_type_or_mode_then_not() {
    var whole = capability(AccessMode.Mode.SINGLE_NODE_WRITER_VALUE);

    assertThat(passes(checks().capabilities("c", List.of(whole)))).isTrue();
    assertThat(passes(checks().capabilities("c", List.of()))).isFalse();
    assertThat(passes(checks().capabilities("c", List.of(whole, capability(0))))).isFalse();
    assertThat(passes(checks().capabilities("c", List.of(capability(99))))).isFalse();
    assertThat(passes(checks().capabilities("c", List.of(whole.toBuilder().clearMount().build()))))
        .isFalse();
  }

  @Test
  void given_the_newer_modes_then_only_with_the_trait() {
    var single = capability(AccessMode.Mode.SINGLE_NODE_SINGLE_WRITER_VALUE);

    assertThat(passes(checks().capabilities("c", List.of(single)))).isFalse();
    assertThat(
            passes(
                new FieldChecks(Set.of(Trait.SINGLE_NODE_MULTI_WRITER))
                    .capabilities("c", List.of(single))))
        .isTrue();
  }

  @Test
  void given_several_problems_then_the_first_is_reported() {
    var answer = checks().id("volume_id", "").path("target_path", "").then(Answer::done);

    assertThat(answer).isEqualTo(Answer.refused(Reason.INVALID_ARGUMENT, "volume_id is missing"));
  }

  private static FieldChecks checks() {
    return new FieldChecks(Set.of());
  }

  private static boolean passes(FieldChecks checks) {
    return checks.then(Answer::done) instanceof Answer.Done<?>;
  }

  private static VolumeCapability flags(int... lengths) {
    var capability = capability(AccessMode.Mode.SINGLE_NODE_WRITER_VALUE).toBuilder();
    for (var length : lengths) {
      capability.getMountBuilder().addMountFlags("x".repeat(length));
    }
    return capability.build();
  }

  private static CapacityRange range(long required, long limit) {
    return CapacityRange.newBuilder().setRequiredBytes(required).setLimitBytes(limit).build();
  }

  private static VolumeCapability capability(int mode) {
    var capability = VolumeCapability.newBuilder();
    capability.getMountBuilder();
    capability.getAccessModeBuilder().setModeValue(mode);
    return capability.build();
  }
}
