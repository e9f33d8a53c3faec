package io.csi4j.sidecars.attacher;

import static io.csi4j.sidecars.attacher.World.ATTACHMENT;
import static io.csi4j.sidecars.attacher.World.OURS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.simulator.Effects;
import io.csi4j.e2e.simulator.SimulatedDriver.Fault;
import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import io.csi4j.sidecars.attacher.AttachmentStory.Told;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.csi.DriverIdentity;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.explain.Explanation;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.time.ManualTime;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What {@code explain volumeattachment} says, and that it changes nothing. */
class StoryTest {
  private static final DriverIdentity DRIVER =
      new DriverIdentity("csi/test", Set.of(), Set.of(RPC.Type.PUBLISH_UNPUBLISH_VOLUME_VALUE));
  private static final DriverIdentity TRIVIAL = new DriverIdentity("csi/test", Set.of(), Set.of());

  private final World world = new World();

  @Test
  void given_a_new_attachment_then_all_up_to_the_driver_is_told_and_nothing_done() {
    world.attachmentAppears();
    world.volumeNeedsSecret();
    world.secretAppears(data -> data.put("password", "aHVudGVyMg=="));
    var before = world.cluster.get(Attachment.KIND, ATTACHMENT).toString();

    var story = story(ATTACHMENT);

    assertThat(story.state()).isEqualTo("acting");
    assertThat(story.seen())
        .containsEntry("volume", "pv1")
        .containsEntry("node", "node1")
        .containsEntry("attached", "no");
    assertThat(story.next())
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("patch volumeattachments.storage.k8s.io va1: {\"metadata\"")
                    .contains(OURS))
        .last()
        .asString()
        .startsWith("ControllerPublishVolume {\"node_id\":\"nodeID1\"")
        .contains("\"volume_id\":\"handle1\"")
        .doesNotContain("hunter2");
    assertThat(world.cluster.get(Attachment.KIND, ATTACHMENT)).hasToString(before);
    assertThat(world.driver.calls()).isEmpty();
  }

  @Test
  void given_it_is_attached_then_since_when_and_nothing_is_left_to_do() {
    world.attachmentAppears();
    world.life().look();
    world.cluster.change(
        Attachment.KIND,
        ATTACHMENT,
        object -> {
          var managed = ((ObjectNode) object.get("metadata")).putArray("managedFields");
          managed.addObject().put("time", "2026-11-21T09:00:00Z");
          managed.addObject().put("subresource", "status").put("time", "2026-11-21T09:00:07Z");
        });

    var story = story(ATTACHMENT);

    assertThat(story.state()).isEqualTo("settled");
    assertThat(story.why()).isEqualTo("attached, nothing is left to do");
    assertThat(story.next()).isEmpty();
    assertThat(story.seen())
        .containsEntry("attached", "yes, status last changed at 2026-11-21T09:00:07Z")
        .containsEntry("published to node ID", "nodeID1");
  }

  @Test
  void given_the_driver_has_failed_then_its_words_and_the_next_try_are_told() {
    world.driver.fails(new Fault.Says(Code.INTERNAL, "no path to the array"));
    world.attachmentAppears();
    world.life().look();
    world.cluster.change(
        Attachment.KIND,
        ATTACHMENT,
        object ->
            ((ObjectNode) object.get("metadata")).put("creationTimestamp", "1969-12-31T23:59:57Z"));

    var story = story(ATTACHMENT);

    assertThat(story.state()).isEqualTo("failing");
    assertThat(story.cause()).isEqualTo("driver-error");
    assertThat(story.why()).isEqualTo("rpc error: code = Internal desc = no path to the array");
    assertThat(story.next()).singleElement().asString().startsWith("ControllerPublishVolume ");
    assertThat(story.seen())
        .containsEntry(
            "attach error",
            "1970-01-01T00:00:00Z: rpc error: code = Internal desc = no path to the array")
        .containsEntry(
            "next try",
            "by 1970-01-01T00:00:04Z, or at once when volume, node or attachment change");
  }

  @Test
  void given_the_driver_is_not_on_the_node_then_that_is_told() {
    world.nodeLosesDriver();
    world.attachmentAppears();

    var story = story(ATTACHMENT);

    assertThat(story.state()).isEqualTo("failing");
    assertThat(story.cause()).isEqualTo("driver-not-on-node");
    assertThat(story.why()).isEqualTo("CSINode node1 does not contain driver csi/test");
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

    var story = story(ObjectKey.cluster("va2"));

    assertThat(story.state()).isEqualTo("waiting");
    assertThat(story.cause()).isEqualTo("held-elsewhere");
    assertThat(story.why())
        .isEqualTo(
            "volume is still attached to node \"node1\": VolumeAttachment va1 must go first");
    assertThat(story.seen())
        .containsEntry("volumeattachment va1", "the same volume is attached to node node1")
        .doesNotContainKey("next try");
  }

  @Test
  void given_it_is_detached_and_others_hold_it_then_they_are_named() {
    world.attachmentAppears();
    world.life().look();
    world.cluster.change(
        Attachment.KIND,
        ATTACHMENT,
        object ->
            ((ObjectNode) object.get("metadata")).withArray("finalizers").add("example.com/me"));
    world.attachmentIsDeleted();
    world.life().look();

    var story = story(ATTACHMENT);

    assertThat(story.state()).isEqualTo("settled");
    assertThat(story.why())
        .isEqualTo("detached, and held by the finalizers of others: example.com/me");
  }

  @Test
  void given_a_driver_that_attaches_nothing_then_only_the_status_is_written() {
    world.attachmentAppears();

    var story = story(ATTACHMENT, TRIVIAL);

    assertThat(story.state()).isEqualTo("acting");
    assertThat(story.next())
        .singleElement()
        .asString()
        .startsWith("patch status of volumeattachments.storage.k8s.io va1: ");
  }

  @Test
  void given_an_attachment_of_another_driver_then_that_is_told() {
    world.attachmentAppears();
    var other = new DriverIdentity("other", Set.of(), DRIVER.controller());

    var story = story(ATTACHMENT, other);

    assertThat(story.state()).isEqualTo("not-ours");
    assertThat(story.why()).isEqualTo("it is for driver csi/test, not for other");
    assertThat(story.next()).isEmpty();
  }

  @Test
  void given_there_is_none_then_that_is_told() {
    assertThat(story(ObjectKey.cluster("nobody")).state()).isEqualTo("missing");
  }

  private Explanation story(ObjectKey key) {
    return story(key, DRIVER);
  }

  private Explanation story(ObjectKey key, DriverIdentity driver) {
    var working = AttacherOptions.from(Flags.parse(List.of())).working();
    var story =
        new AttachmentStory(
            world.cluster.life(Effects.QUIET), new Told(driver, true, working), new ManualTime());
    world.cluster.deliver();
    return story.tell(key);
  }
}
