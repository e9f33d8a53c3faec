package io.csi4j.sidecars.attacher;

import static io.csi4j.sidecars.attacher.Worlds.NAMES;
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

  @Test
  void given_it_was_never_held_then_the_driver_is_not_called_whatever_the_status_says() {
    var attachment = attachment(meta("csi-1", true, List.of(), Map.of()), "pv-1", true);

    assertThat(decide(attachment, volume(meta("pv-1")), node("a.iqn"))).isEqualTo(new Settled());
  }

  @Test
  void given_it_is_held_and_not_attached_then_it_is_unpublished_all_the_same() {
    var step =
        decide(
            attachment(deletingHeld("csi-1", "a.iqn"), "pv-1", false),
            volume(meta("pv-1")),
            node("a.iqn"));

    assertThat(((Unpublish) step).nodeId()).isEqualTo("a.iqn");
  }

  @Test
  void given_a_volume_in_deletion_then_it_is_unpublished_all_the_same() {
    assertThat(
            decide(
                attachment(deletingHeld("csi-1", "a.iqn"), "pv-1", true),
                volume(meta("pv-1", true, List.of(), Map.of())),
                node("a.iqn")))
        .isInstanceOf(Unpublish.class);
  }

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

  @Test
  void given_nobody_knows_the_nodes_id_then_the_driver_is_not_called_for_all_nodes() {
    var attachment = attachment(meta("csi-1", true, List.of(Worlds.OURS), Map.of()), "pv-1", true);

    assertThat(decide(attachment, volume(meta("pv-1")), null))
        .isEqualTo(new Refuse("csinode.storage.k8s.io \"node-a\" not found"));
  }

  @Test
  void given_the_volume_object_is_gone_then_detaching_waits_for_it() {
    assertThat(
            decide(attachment(deletingHeld("csi-1", "a.iqn"), "pv-1", true), null, node("a.iqn")))
        .isEqualTo(new Refuse("persistentvolume \"pv-1\" not found"));
  }

  private static DetachStep decide(
      Attachment attachment, @Nullable Volume volume, @Nullable CsiNode node) {
    return DetachStep.decide(new AttachFacts(NAMES, attachment, volume, node));
  }
}
