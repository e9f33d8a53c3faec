package io.csi4j.sidecars.attacher;

import static io.csi4j.sidecars.attacher.Worlds.OURS;
import static io.csi4j.sidecars.attacher.Worlds.attachment;
import static io.csi4j.sidecars.attacher.Worlds.meta;
import static io.csi4j.sidecars.attacher.Worlds.volume;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.sidecars.kit.cluster.Attachment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttacherPartsTest {

  /** attacher.md 7. */
  @ParameterizedTest
  @CsvSource({
    "csi/test, external-attacher/csi-test",
    "trailing\\, external-attacher/trailing-X",
    "s!a@n#i$t(i%z^e&d*, external-attacher/s-a-n-i-t-i-z-e-d-X",
    "Case.Kept, external-attacher/Case-Kept"
  })
  void given_a_drivers_name_then_the_finalizer_is_upstreams(String driver, String finalizer) {
    assertThat(new AttacherNames(driver).finalizer()).isEqualTo(finalizer);
  }

  /** attacher.md 8: our own error report must not defeat the back-off. */
  @Test
  void given_only_errors_changed_then_the_key_sleeps_on() {
    var clean = attachment(meta("csi-1"), "pv-1", false);
    var failed =
        new Attachment(
            meta("csi-1"), "disk.example.com", "node-a", "pv-1", false, false, "no route", "");
    var failedAndDeleting =
        new Attachment(
            meta("csi-1", true, List.of(), Map.of()),
            "disk.example.com",
            "node-a",
            "pv-1",
            false,
            false,
            "no route",
            "");

    assertThat(Attacher.onlyErrorsDiffer(clean, failed)).isTrue();
    assertThat(Attacher.onlyErrorsDiffer(null, failed)).isFalse();
    assertThat(Attacher.onlyErrorsDiffer(clean, clean)).isFalse();
    assertThat(Attacher.onlyErrorsDiffer(failed, failedAndDeleting)).isFalse();
  }

  /** attacher.md 16. */
  @Test
  void given_a_volume_in_deletion_then_it_is_released_when_no_attachment_names_it() {
    var deleting = volume(meta("pv-1", true, List.of(OURS), Map.of()));
    var attachment = attachment(meta("csi-1"), "pv-1", true);

    assertThat(ReleaseStep.decide(deleting, List.of(), OURS)).isEqualTo(ReleaseStep.RELEASE);
    assertThat(ReleaseStep.decide(deleting, List.of(attachment), OURS)).isEqualTo(ReleaseStep.WAIT);
    assertThat(
            ReleaseStep.decide(
                volume(meta("pv-1", false, List.of(OURS), Map.of())), List.of(), OURS))
        .isEqualTo(ReleaseStep.SETTLED);
  }

  @Test
  void given_a_long_message_then_it_fits_and_keeps_head_and_tail() {
    var message = "head" + "\uD83D\uDCBE".repeat(1000) + "tail";

    var fitted = ErrorText.fit(message);

    assertThat(fitted.getBytes(StandardCharsets.UTF_8).length).isBetween(1000, 1024);
    assertThat(fitted).startsWith("head").endsWith("tail").contains("[...]").doesNotContain("?");
    assertThat(ErrorText.fit("short")).isEqualTo("short");
  }
}
