package io.csi4j.sidecars.attacher;

import static io.csi4j.sidecars.attacher.Worlds.DRIVER;
import static io.csi4j.sidecars.attacher.Worlds.attachment;
import static io.csi4j.sidecars.attacher.Worlds.deletingHeld;
import static io.csi4j.sidecars.attacher.Worlds.meta;
import static io.csi4j.sidecars.attacher.Worlds.node;
import static io.csi4j.sidecars.attacher.Worlds.nodeWithoutDriver;
import static io.csi4j.sidecars.attacher.Worlds.volume;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.sidecars.attacher.DetachStep.Refuse;
import io.csi4j.sidecars.attacher.DetachStep.Settled;
import io.csi4j.sidecars.attacher.DetachStep.Unpublish;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.CsiNode;
import io.csi4j.sidecars.kit.cluster.Volume;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The table of attacher.md 11. */
class DetachStepTest {

  /** Scenarios 49 and 50. */
  @Test
  void given_it_was_never_held_then_the_driver_is_not_called_whatever_the_status_says() {
    var attachment = attachment(meta("csi-1", true, List.of(), Map.of()), "pv-1", true);

    assertThat(decide(attachment, volume(meta("pv-1")), node("a.iqn"))).isEqualTo(new Settled());
  }

  /** Scenario 51. */
  @Test
  void given_it_is_held_and_not_attached_then_it_is_unpublished_all_the_same() {
    var step =
        decide(
            attachment(deletingHeld("csi-1", "a.iqn"), "pv-1", false),
            volume(meta("pv-1")),
            node("a.iqn"));

    assertThat(((Unpublish) step).nodeId()).isEqualTo("a.iqn");
  }

  /** Scenario 53. */
  @Test
  void given_a_volume_in_deletion_then_it_is_unpublished_all_the_same() {
    assertThat(
            decide(
                attachment(deletingHeld("csi-1", "a.iqn"), "pv-1", true),
                volume(meta("pv-1", true, List.of(), Map.of())),
                node("a.iqn")))
        .isInstanceOf(Unpublish.class);
  }

  /** Scenarios 56 and 57. */
  @Test
  void given_the_node_is_gone_then_the_remembered_id_is_used() {
    var attachment = attachment(deletingHeld("csi-1", "remembered"), "pv-1", true);

    assertThat(((Unpublish) decide(attachment, volume(meta("pv-1")), null)).nodeId())
        .isEqualTo("remembered");
    assertThat(((Unpublish) decide(attachment, volume(meta("pv-1")), nodeWithoutDriver())).nodeId())
        .isEqualTo("remembered");
    assertThat(((Unpublish) decide(attachment, volume(meta("pv-1")), node("now"))).nodeId())
        .isEqualTo("now");
  }

  /** Scenario 55. */
  @Test
  void given_nobody_knows_the_nodes_id_then_the_driver_is_not_called_for_all_nodes() {
    var attachment = attachment(meta("csi-1", true, List.of(Worlds.OURS), Map.of()), "pv-1", true);

    assertThat(decide(attachment, volume(meta("pv-1")), null))
        .isEqualTo(new Refuse("csinode.storage.k8s.io \"node-a\" not found"));
  }

  /** Scenario 52. */
  @Test
  void given_the_volume_object_is_gone_then_detaching_waits_for_it() {
    assertThat(
            decide(attachment(deletingHeld("csi-1", "a.iqn"), "pv-1", true), null, node("a.iqn")))
        .isEqualTo(new Refuse("persistentvolume \"pv-1\" not found"));
  }

  /** Scenario 54. */
  @Test
  void given_no_source_or_two_then_each_is_refused_in_upstreams_words() {
    assertThat(decide(attachment(deletingHeld("csi-1", "a.iqn"), null, true), null, node("a.iqn")))
        .isEqualTo(
            new Refuse(
                "neither InlineCSIVolumeSource nor PersistentVolumeName specified in VA source"));
    var both =
        new Attachment(
            deletingHeld("csi-1", "a.iqn"),
            "disk.example.com",
            "node-a",
            "pv-1",
            volume(meta("")),
            true,
            "",
            "");
    assertThat(decide(both, volume(meta("pv-1")), node("a.iqn")))
        .isEqualTo(
            new Refuse(
                "both InlineCSIVolumeSource and PersistentVolumeName specified in VA source"));
  }

  /** Empty means "all nodes" to a driver. */
  @Test
  void given_empty_node_ids_then_they_count_as_none() {
    var attachment = attachment(deletingHeld("csi-1", ""), "pv-1", true);

    assertThat(decide(attachment, volume(meta("pv-1")), node("")))
        .isEqualTo(new Refuse("CSINode node-a does not contain driver disk.example.com"));
    assertThat(
            decide(
                attachment(deletingHeld("csi-1", "a.iqn"), "pv-1", true),
                volume(meta("pv-1")),
                node("")))
        .isInstanceOf(Unpublish.class);
  }

  private static DetachStep decide(
      Attachment attachment, @Nullable Volume volume, @Nullable CsiNode node) {
    return DetachStep.decide(new AttachFacts(DRIVER, attachment, volume, node));
  }
}
