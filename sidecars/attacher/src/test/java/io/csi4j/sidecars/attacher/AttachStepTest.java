package io.csi4j.sidecars.attacher;

import static io.csi4j.sidecars.attacher.Worlds.DRIVER;
import static io.csi4j.sidecars.attacher.Worlds.OURS;
import static io.csi4j.sidecars.attacher.Worlds.attachment;
import static io.csi4j.sidecars.attacher.Worlds.held;
import static io.csi4j.sidecars.attacher.Worlds.meta;
import static io.csi4j.sidecars.attacher.Worlds.node;
import static io.csi4j.sidecars.attacher.Worlds.nodeWithoutDriver;
import static io.csi4j.sidecars.attacher.Worlds.source;
import static io.csi4j.sidecars.attacher.Worlds.volume;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.sidecars.attacher.AttachStep.Hold;
import io.csi4j.sidecars.attacher.AttachStep.Publish;
import io.csi4j.sidecars.attacher.AttachStep.Refuse;
import io.csi4j.sidecars.attacher.AttachStep.Settled;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.CsiNode;
import io.csi4j.sidecars.kit.cluster.Volume;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of attacher.md 10. */
class AttachStepTest {

  /** Scenario 1. */
  @Test
  void given_a_new_attachment_then_both_are_held_and_the_volume_published() {
    var step =
        decide(attachment(meta("csi-1"), "pv-1", false), volume(meta("pv-1")), node("a.iqn"));

    assertThat(step).isInstanceOf(Publish.class);
    var publish = (Publish) step;
    assertThat(publish.nodeId()).isEqualTo("a.iqn");
    assertThat(publish.volumeHold()).isEqualTo(Hold.MISSING);
    assertThat(publish.attachmentHold()).isEqualTo(Hold.MISSING);
  }

  /** Scenario 33. */
  @Test
  void given_an_attachment_that_was_prepared_then_nothing_is_written_before_the_call() {
    var step =
        decide(
            attachment(held("csi-1", "a.iqn"), "pv-1", false),
            volume(meta("pv-1", false, List.of(OURS), Map.of())),
            node("a.iqn"));

    assertThat(((Publish) step).volumeHold()).isEqualTo(Hold.PRESENT);
    assertThat(((Publish) step).attachmentHold()).isEqualTo(Hold.PRESENT);
  }

  /** Scenario 32. */
  @Test
  void given_the_node_came_back_under_another_id_then_the_new_one_is_remembered_first() {
    var step =
        decide(
            attachment(held("csi-1", "old.iqn"), "pv-1", false),
            volume(meta("pv-1", false, List.of(OURS), Map.of())),
            node("new.iqn"));

    assertThat(((Publish) step).nodeId()).isEqualTo("new.iqn");
    assertThat(((Publish) step).attachmentHold()).isEqualTo(Hold.MISSING);
  }

  /** Scenario 17. */
  @Test
  void given_it_is_attached_then_nothing_is_done() {
    assertThat(decide(attachment(meta("csi-1"), "pv-1", true), null, null))
        .isEqualTo(new Settled());
  }

  /** Scenario 21. */
  @Test
  void given_no_such_volume_then_it_is_named() {
    assertThat(decide(attachment(meta("csi-1"), "pv-1", false), null, node("a.iqn")))
        .isEqualTo(new Refuse("persistentvolume \"pv-1\" not found"));
  }

  /** Scenario 18. */
  @Test
  void given_a_volume_in_deletion_then_the_driver_is_not_called() {
    assertThat(
            decide(
                attachment(meta("csi-1"), "pv-1", false),
                volume(meta("pv-1", true, List.of(), Map.of())),
                node("a.iqn")))
        .isEqualTo(new Refuse("PersistentVolume \"pv-1\" is marked for deletion"));
  }

  /** Scenarios 23 and 24. */
  @Test
  void given_no_source_or_two_then_each_is_refused_in_upstreams_words() {
    assertThat(decide(attachment(meta("csi-1"), null, false), null, node("a.iqn")))
        .isEqualTo(
            new Refuse(
                "neither InlineCSIVolumeSource nor PersistentVolumeName specified in VA source"));
    var both =
        new Attachment(
            meta("csi-1"), "disk.example.com", "node-a", "pv-1", volume(meta("")), false, "", "");
    assertThat(decide(both, volume(meta("pv-1")), node("a.iqn")))
        .isEqualTo(
            new Refuse(
                "both InlineCSIVolumeSource and PersistentVolumeName specified in VA source"));
  }

  /** Scenarios 25 and 26: what was published before is no proof that the node is there now. */
  @Test
  void given_no_node_or_a_node_without_driver_then_each_is_named_even_if_it_was_published_before() {
    var prepared = attachment(held("csi-1", "a.iqn"), "pv-1", false);

    assertThat(decide(prepared, volume(meta("pv-1")), null))
        .isEqualTo(new Refuse("csinode.storage.k8s.io \"node-a\" not found"));
    assertThat(decide(prepared, volume(meta("pv-1")), nodeWithoutDriver()))
        .isEqualTo(new Refuse("CSINode node-a does not contain driver disk.example.com"));
  }

  /** attacher.md 10.2: nothing is translated. */
  @Test
  void given_a_volume_of_another_make_then_it_is_refused() {
    var inTree = volume(meta("pv-1"), null, "Filesystem", "ReadWriteOnce");

    assertThat(decide(attachment(meta("csi-1"), "pv-1", false), inTree, node("a.iqn")))
        .isEqualTo(new Refuse("pv spec contained non-csi source that was not migrated"));
  }

  /** attacher.md 10.2: the attacher's name alone decides. */
  @Test
  void given_a_volume_that_names_another_driver_then_the_attachments_word_counts() {
    var source = new Volume.Csi("another", "vol-42", "", false, Map.of(), null);

    assertThat(
            decide(
                attachment(meta("csi-1"), "pv-1", false),
                volume(meta("pv-1"), source, null, "ReadWriteMany"),
                node("a.iqn")))
        .isInstanceOf(Publish.class);
  }

  /** Scenarios 38 and 41. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ReadOnlyMany ReadWriteOnce     | CSI does not support ReadOnlyMany and ReadWriteOnce on
          ReadWriteOncePod ReadWriteOnce | ReadWriteOncePod cannot be combined with other access
          Nothing                        | unsupported AccessMode combination: [Nothing]
          """)
  void given_access_modes_that_csi_has_no_word_for_then_the_driver_is_not_called(
      String modes, String words) {
    var volume = volume(meta("pv-1"), source("", false), null, modes.split(" ", -1));

    var step = decide(attachment(meta("csi-1"), "pv-1", false), volume, node("a.iqn"));

    assertThat(step).isInstanceOf(Refuse.class);
    assertThat(((Refuse) step).reason()).startsWith(words);
  }

  /** Empty means "all nodes" to a driver. */
  @Test
  void given_a_driver_registered_under_no_id_then_it_counts_as_not_registered() {
    assertThat(decide(attachment(meta("csi-1"), "pv-1", false), volume(meta("pv-1")), node("")))
        .isEqualTo(new Refuse("CSINode node-a does not contain driver disk.example.com"));
  }

  private static AttachStep decide(
      Attachment attachment, @Nullable Volume volume, @Nullable CsiNode node) {
    return AttachStep.decide(new AttachFacts(DRIVER, attachment, volume, node));
  }
}
