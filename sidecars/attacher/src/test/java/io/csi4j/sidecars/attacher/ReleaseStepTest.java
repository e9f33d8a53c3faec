package io.csi4j.sidecars.attacher;

import static io.csi4j.sidecars.attacher.Worlds.OURS;
import static io.csi4j.sidecars.attacher.Worlds.attachment;
import static io.csi4j.sidecars.attacher.Worlds.meta;
import static io.csi4j.sidecars.attacher.Worlds.volume;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.sidecars.kit.cluster.Attachment;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The table of attacher.md 16. */
class ReleaseStepTest {
  private static final List<Attachment> NONE = List.of();

  /** Scenario 66. */
  @Test
  void given_a_held_volume_in_deletion_when_nothing_names_it_then_it_is_released() {
    assertThat(decide(true, List.of(OURS), NONE)).isEqualTo(ReleaseStep.RELEASE);
  }

  /** Scenario 70. */
  @Test
  void given_a_held_volume_in_deletion_when_any_attachment_names_it_then_it_waits() {
    var foreign = new Attachment(meta("csi-9"), "another", "node-b", "pv-1", null, false, "", "");

    assertThat(decide(true, List.of(OURS), List.of(attachment(meta("csi-1"), "pv-1", true))))
        .isEqualTo(ReleaseStep.WAIT);
    assertThat(decide(true, List.of(OURS), List.of(foreign))).isEqualTo(ReleaseStep.WAIT);
  }

  /** Scenarios 68 and 69. */
  @Test
  void given_a_volume_that_is_not_held_or_not_in_deletion_then_nothing_is_done() {
    assertThat(decide(true, List.of("other/finalizer"), NONE)).isEqualTo(ReleaseStep.SETTLED);
    assertThat(decide(false, List.of(OURS), NONE)).isEqualTo(ReleaseStep.SETTLED);
  }

  private static ReleaseStep decide(
      boolean deleting, List<String> finalizers, List<Attachment> attachments) {
    return ReleaseStep.decide(
        volume(meta("pv-1", deleting, finalizers, Map.of())), attachments, OURS);
  }
}
