package io.csi4j.sidecars.attacher;

import static io.csi4j.sidecars.attacher.Worlds.DRIVER;
import static io.csi4j.sidecars.attacher.Worlds.OURS;
import static io.csi4j.sidecars.attacher.Worlds.attachment;
import static io.csi4j.sidecars.attacher.Worlds.deletingHeld;
import static io.csi4j.sidecars.attacher.Worlds.held;
import static io.csi4j.sidecars.attacher.Worlds.meta;
import static io.csi4j.sidecars.attacher.Worlds.node;
import static io.csi4j.sidecars.attacher.Worlds.nodeWithoutDriver;
import static io.csi4j.sidecars.attacher.Worlds.source;
import static io.csi4j.sidecars.attacher.Worlds.volume;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.CsiNode;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** attacher.md 8, with 25.2 and 25.3 in place of upstream's filter. */
class WakeRulesTest {
  private static final WakeRules RULES = new WakeRules(DRIVER.names());

  @Nested
  class OfAttachments {
    private final Attachment clean = attachment(meta("csi-1"), "pv-1", false);

    @Test
    void given_a_new_one_then_it_wakes() {
      assertThat(RULES.wakes(null, clean)).isTrue();
    }

    /** Scenario 20. */
    @Test
    void given_one_of_another_driver_then_it_sleeps() {
      var foreign = new Attachment(meta("csi-1"), "another", "n", "pv-1", null, false, "", "");

      assertThat(RULES.wakes(null, foreign)).isFalse();
    }

    /** Scenarios 63 and 64: our own report must not defeat the back-off. */
    @Test
    void given_only_errors_and_the_version_changed_then_it_sleeps() {
      var failed = reported(versioned("2"), "no route", "");
      var again = reported(versioned("3"), "still no route", "");
      var detaching = reported(versioned("4"), "still no route", "busy");

      assertThat(RULES.wakes(clean, failed)).isFalse();
      assertThat(RULES.wakes(failed, again)).isFalse();
      assertThat(RULES.wakes(again, detaching)).isFalse();
      assertThat(RULES.wakes(failed, reported(versioned("5"), "no route", ""))).isFalse();
    }

    /**
     * Scenario 61: where upstream looks at everything again every ten minutes, nothing is to be
     * found here, for each pause and each change that matters wakes the key itself.
     */
    @Test
    void given_nothing_changed_then_it_sleeps() {
      assertThat(RULES.wakes(clean, clean)).isFalse();
      assertThat(RULES.wakes(clean, reported(versioned("2"), "", ""))).isFalse();
    }

    /** Scenario 65, which nobody but us brings about: attached, and the error cleared. */
    @Test
    void given_its_error_went_as_it_was_attached_then_it_sleeps() {
      var failed = reported(held("csi-1", "a.iqn"), "no route", "");
      var attached = attachment(held("csi-1", "a.iqn"), "pv-1", true);

      assertThat(RULES.wakes(failed, attached)).isFalse();
      assertThat(RULES.wakes(attached, failed)).isTrue();
    }

    /** attacher.md 25.3: with upstream, these run a key again that has just failed. */
    @Test
    void given_only_what_we_write_changed_then_it_sleeps() {
      var prepared = attachment(held("csi-1", "a.iqn"), "pv-1", false);
      var attached = attachment(held("csi-1", "a.iqn"), "pv-1", true);
      var moved = attachment(held("csi-1", "b.iqn"), "pv-1", false);

      assertThat(RULES.wakes(clean, prepared)).isFalse();
      assertThat(RULES.wakes(prepared, moved)).isFalse();
      assertThat(RULES.wakes(prepared, attached)).isFalse();
    }

    @Test
    void given_somebody_took_its_attached_away_then_it_wakes() {
      assertThat(
              RULES.wakes(
                  attachment(held("csi-1", "a.iqn"), "pv-1", true),
                  attachment(held("csi-1", "a.iqn"), "pv-1", false)))
          .isTrue();
    }

    /** Scenario 62; a user's annotation is a way to say "now". */
    @Test
    void given_an_annotation_or_finalizer_of_others_then_it_wakes() {
      var poked = attachment(meta("csi-1", false, List.of(), Map.of("poke", "1")), "pv-1", false);
      var kept = attachment(meta("csi-1", false, List.of("other/f"), Map.of()), "pv-1", false);

      assertThat(RULES.wakes(clean, poked)).isTrue();
      assertThat(RULES.wakes(clean, kept)).isTrue();
    }

    @Test
    void given_its_deletion_or_a_successor_of_the_same_name_then_it_wakes() {
      var prepared = attachment(held("csi-1", "a.iqn"), "pv-1", false);
      var successor =
          attachment(
              new Meta(
                  ObjectKey.cluster("csi-1"), "uid-2", "9", false, List.of(), Map.of(), Map.of()),
              "pv-1",
              false);

      assertThat(RULES.wakes(prepared, attachment(deletingHeld("csi-1", "a.iqn"), "pv-1", false)))
          .isTrue();
      assertThat(RULES.wakes(clean, successor)).isTrue();
    }

    private Attachment reported(Meta meta, String attachError, String detachError) {
      return new Attachment(
          meta, "disk.example.com", "node-a", "pv-1", null, false, attachError, detachError);
    }

    private Meta versioned(String version) {
      return new Meta(
          ObjectKey.cluster("csi-1"), "uid-csi-1", version, false, List.of(), Map.of(), Map.of());
    }
  }

  @Nested
  class OfVolumes {
    private final Volume free = volume(meta("pv-1"));

    @Test
    void given_a_new_one_then_its_attachments_wake() {
      assertThat(RULES.wakesAttachments((Volume) null, free)).isTrue();
    }

    @Test
    void given_only_metadata_changed_then_its_attachments_sleep() {
      assertThat(RULES.wakesAttachments(free, volume(meta("pv-1", false, List.of(OURS), Map.of()))))
          .isFalse();
    }

    @Test
    void given_what_an_attachment_depends_on_changed_then_its_attachments_wake() {
      assertThat(RULES.wakesAttachments(free, volume(meta("pv-1", true, List.of(), Map.of()))))
          .isTrue();
      assertThat(changedTo(source("xfs", false), "Filesystem", "ReadWriteOnce")).isTrue();
      assertThat(changedTo(source("ext4", false), "Block", "ReadWriteOnce")).isTrue();
      assertThat(changedTo(source("ext4", false), "Filesystem", "ReadWriteMany")).isTrue();
      assertThat(changedTo(source("ext4", false), "Filesystem", "ReadWriteOnce")).isFalse();
    }

    /** Scenario 73 and attacher.md 8. */
    @Test
    void given_one_in_deletion_that_we_hold_then_it_may_be_let_go() {
      assertThat(RULES.wakesRelease(volume(meta("pv-1", true, List.of(OURS), Map.of())))).isTrue();
      assertThat(RULES.wakesRelease(volume(meta("pv-1", true, List.of("other/f"), Map.of()))))
          .isFalse();
      assertThat(RULES.wakesRelease(volume(meta("pv-1", false, List.of(OURS), Map.of()))))
          .isFalse();
    }

    /** Scenario 101, of a driver that no in-tree plugin has become: nothing is taken back. */
    @Test
    void given_an_in_tree_volume_that_we_hold_then_it_is_let_go_only_in_deletion() {
      var kept = meta("pv-1", false, List.of(OURS), Map.of());
      var deleting = meta("pv-1", true, List.of(OURS), Map.of());

      assertThat(RULES.wakesRelease(inTree(kept))).isFalse();
      assertThat(RULES.wakesRelease(inTree(deleting))).isTrue();
    }

    private Volume inTree(Meta meta) {
      return volume(meta, null, "Filesystem", "ReadWriteOnce");
    }

    private boolean changedTo(Volume.Csi source, String volumeMode, String accessMode) {
      return RULES.wakesAttachments(free, volume(meta("pv-1"), source, volumeMode, accessMode));
    }
  }

  /** attacher.md 25.2. */
  @Nested
  class OfNodes {

    @Test
    void given_the_driver_appeared_or_has_another_id_then_its_attachments_wake() {
      assertThat(RULES.wakesAttachments((CsiNode) null, node("a.iqn"))).isTrue();
      assertThat(RULES.wakesAttachments(nodeWithoutDriver(), node("a.iqn"))).isTrue();
      assertThat(RULES.wakesAttachments(node("a.iqn"), node("b.iqn"))).isTrue();
    }

    @Test
    void given_the_driver_went_or_others_changed_then_its_attachments_sleep() {
      assertThat(RULES.wakesAttachments(node("a.iqn"), nodeWithoutDriver())).isFalse();
      assertThat(RULES.wakesAttachments(node("a.iqn"), node("a.iqn"))).isFalse();
      assertThat(RULES.wakesAttachments((CsiNode) null, nodeWithoutDriver())).isFalse();
    }

    @Test
    void given_attachments_then_those_wait_that_are_not_where_they_should_be() {
      assertThat(waits("disk.example.com", held("csi-1", "a.iqn"), false)).isTrue();
      assertThat(waits("disk.example.com", held("csi-1", "a.iqn"), true)).isFalse();
      assertThat(waits("disk.example.com", deletingHeld("csi-1", "a.iqn"), true)).isTrue();
      assertThat(waits("another", held("csi-1", "a.iqn"), false)).isFalse();
    }

    private boolean waits(String attacher, Meta meta, boolean attached) {
      return RULES.waits(new Attachment(meta, attacher, "node-a", "pv-1", null, attached, "", ""));
    }
  }
}
