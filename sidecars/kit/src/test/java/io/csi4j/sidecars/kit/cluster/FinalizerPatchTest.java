package io.csi4j.sidecars.kit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The bodies of attacher.md 10. */
class FinalizerPatchTest {
  /** What arrives late must not touch a successor of the same name. */
  private static final String SAME =
      "[{\"op\":\"test\",\"path\":\"/metadata/uid\",\"value\":\"u\"},";

  @Test
  void given_no_finalizers_when_one_is_added_then_the_list_must_still_be_missing() {
    assertThat(FinalizerPatch.add(meta(), "F").toString())
        .isEqualTo(
            SAME
                + "{\"op\":\"test\",\"path\":\"/metadata/finalizers\",\"value\":null},"
                + "{\"op\":\"add\",\"path\":\"/metadata/finalizers\",\"value\":[\"F\"]}]");
  }

  @Test
  void given_finalizers_of_others_when_one_is_added_then_theirs_are_not_sent() {
    assertThat(FinalizerPatch.add(meta("a", "b"), "F").toString())
        .isEqualTo(SAME + "{\"op\":\"add\",\"path\":\"/metadata/finalizers/-\",\"value\":\"F\"}]");
  }

  @Test
  void given_finalizers_of_others_when_one_is_removed_then_only_its_place_is_named() {
    assertThat(FinalizerPatch.remove(meta("a", "F", "b"), "F").toString())
        .isEqualTo(
            SAME
                + "{\"op\":\"test\",\"path\":\"/metadata/finalizers/1\",\"value\":\"F\"},"
                + "{\"op\":\"remove\",\"path\":\"/metadata/finalizers/1\"}]");
  }

  @Test
  void given_it_is_there_twice_when_it_is_removed_then_both_go_the_last_one_first() {
    assertThat(FinalizerPatch.remove(meta("F", "a", "F"), "F").findValuesAsText("path"))
        .containsExactly(
            "/metadata/uid",
            "/metadata/finalizers/2",
            "/metadata/finalizers/2",
            "/metadata/finalizers/0",
            "/metadata/finalizers/0");
  }

  @Test
  void given_it_is_not_there_when_it_is_removed_then_that_is_a_bug() {
    assertThatThrownBy(() -> FinalizerPatch.remove(meta("a"), "F"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("pv1");
  }

  private static Meta meta(String... finalizers) {
    return new Meta(
        ObjectKey.cluster("pv1"), "u", "1", false, List.of(finalizers), Map.of(), Map.of());
  }
}
