package io.csi4j.sidecars.attacher;

import static io.csi4j.sidecars.attacher.World.ATTACHMENT;
import static io.csi4j.sidecars.attacher.World.OURS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.simulator.Effects;
import io.csi4j.e2e.simulator.SimulatedDriver.Fault;
import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.csi.DriverIdentity;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.time.ManualTime;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What {@code explain volumeattachment} says, and that it changes nothing. */
class StoryTest {
  private static final DriverIdentity DRIVER =
      new DriverIdentity("csi/test", Set.of(), Set.of(RPC.Type.PUBLISH_UNPUBLISH_VOLUME_VALUE));

  private final World world = new World();

  @Test
  void given_a_new_attachment_then_all_up_to_the_driver_is_told_and_nothing_done() {
    world.attachmentAppears();
    world.volumeNeedsSecret();
    world.secretAppears(data -> data.put("password", "aHVudGVyMg=="));
    var before = world.cluster.get(Attachment.KIND, ATTACHMENT).toString();

    var story = story(ATTACHMENT);

    assertThat(story)
        .contains("VolumeAttachment va1: PersistentVolume pv1 to node node1 by csi/test")
        .contains("not attached, says its status")
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("next: patch volumeattachments.storage.k8s.io va1: {\"metadata\"")
                    .contains(OURS))
        .last()
        .asString()
        .startsWith("next: call ControllerPublishVolume {\"node_id\":\"nodeID1\"")
        .contains("\"volume_id\":\"handle1\"")
        .doesNotContain("hunter2");
    assertThat(world.cluster.get(Attachment.KIND, ATTACHMENT)).hasToString(before);
    assertThat(world.driver.calls()).isEmpty();
  }

  @Test
  void given_it_is_attached_then_nothing_is_left_to_do() {
    world.attachmentAppears();
    world.life().look();

    assertThat(story(ATTACHMENT))
        .contains("attached, says its status")
        .endsWith("nothing is left to do");
  }

  @Test
  void given_the_driver_has_failed_then_its_words_are_told() {
    world.driver.fails(new Fault.Says(Code.INTERNAL, "no path to the array"));
    world.attachmentAppears();
    world.life().look();

    assertThat(story(ATTACHMENT))
        .contains(
            "attaching failed at 1970-01-01T00:00:00Z:"
                + " rpc error: code = Internal desc = no path to the array");
  }

  @Test
  void given_the_driver_is_not_on_the_node_then_that_is_told() {
    world.nodeLosesDriver();
    world.attachmentAppears();

    assertThat(story(ATTACHMENT).getLast())
        .isEqualTo(
            "tried again after a pause of 5m at most, or when an input changes:"
                + " CSINode node1 does not contain driver csi/test");
  }

  @Test
  void given_another_node_has_the_volume_then_it_is_named() {
    world.cluster.change(
        Volume.KIND,
        World.VOLUME,
        object -> ((ObjectNode) object.get("spec")).putArray("accessModes").add("ReadWriteOnce"));
    world.attachmentAppears();
    world.life().look();
    var second = World.attachment("va2", "csi/test", "node2");
    world.cluster.put(Attachment.KIND, second);
    world.nodeAppears("node2", "nodeID2");

    assertThat(story(ObjectKey.cluster("va2")))
        .contains("the same volume is attached to node node1 by VolumeAttachment va1")
        .endsWith(
            "waiting until that changes: volume is still attached to node \"node1\":"
                + " VolumeAttachment va1 must go first");
  }

  @Test
  void given_there_is_none_then_that_is_told() {
    assertThat(story(ObjectKey.cluster("nobody")))
        .containsExactly("there is no VolumeAttachment nobody");
  }

  private List<String> story(ObjectKey key) {
    var story = Attacher.story(world.cluster.life(Effects.QUIET), DRIVER, new ManualTime());
    world.cluster.deliver();
    return story.apply(key);
  }
}
