package io.csi4j.sidecars.attacher;

import static io.csi4j.sidecars.attacher.World.OURS;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.simulator.SimulatedDriver.Fault;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes, one volume: scenario 95 and invariants I10 and I15. */
class RivalsTest {
  private static final ObjectKey SECOND = ObjectKey.cluster("va2");

  private final World world = new World();
  private final World.Life life = world.life();

  @BeforeEach
  void attachedToTheFirst() {
    world.nodeAppears("node2", "nodeID2");
    world.attachmentAppears();
    life.look();
    assertThat(world.attached()).isTrue();
  }

  @Test
  void given_a_volume_for_many_nodes_then_it_is_attached_to_both() {
    secondAppears();

    life.look();

    assertThat(world.driver.attached()).containsExactly("handle1@nodeID1", "handle1@nodeID2");
  }

  @Test
  void given_a_volume_for_one_node_then_the_second_waits_and_says_for_whom() {
    onOneNodeOnly();
    secondAppears();

    life.live(ofMinutes(5));

    assertThat(world.driver.attached()).containsExactly("handle1@nodeID1");
    assertThat(second("/status/attachError/message"))
        .isEqualTo(
            "volume is still attached to node \"node1\": VolumeAttachment va1 must go first");
    assertThat(world.driver.publishes()).hasSize(1);
  }

  @Test
  void given_the_second_waits_when_the_first_is_detached_then_it_is_attached_at_once() {
    onOneNodeOnly();
    secondAppears();
    life.live(ofSeconds(30));

    world.attachmentIsDeleted();
    life.look();
    life.look();

    assertThat(world.driver.attached()).containsExactly("handle1@nodeID2");
    assertThat(second("/status/attached")).isEqualTo("true");
    assertThat(second("/status/attachError/message")).isEmpty();
  }

  @Test
  void given_the_first_cannot_be_detached_for_a_while_then_the_second_waits_as_long() {
    onOneNodeOnly();
    secondAppears();
    world.driver.fails(
        new Fault.Says(Code.INTERNAL, "node is gone"),
        new Fault.DoneUnheard(Code.DEADLINE_EXCEEDED));
    world.attachmentIsDeleted();

    life.look();
    assertThat(world.driver.publishes()).hasSize(1);
    life.live(ofSeconds(10));

    assertThat(world.driver.attached()).containsExactly("handle1@nodeID2");
  }

  /** Others hold the attachment still, but the volume is free. */
  @Test
  void given_the_first_is_released_and_still_there_then_the_second_need_not_wait() {
    onOneNodeOnly();
    world.cluster.change(
        Attachment.KIND,
        World.ATTACHMENT,
        object -> object.withArray("/metadata/finalizers").add("other/f"));
    secondAppears();
    life.look();

    world.attachmentIsDeleted();
    life.look();
    life.look();

    assertThat(world.hasAttachment()).isTrue();
    assertThat(second("/status/attached")).isEqualTo("true");
  }

  /** Nobody knows where the volume is: it is taken off the second's node first. */
  @Test
  void given_two_that_may_both_be_attached_then_the_first_by_name_gets_it_alone() {
    onOneNodeOnly();
    world.cluster.change(
        Attachment.KIND,
        World.ATTACHMENT,
        object -> object.putObject("status").put("attached", false));
    secondAppears();
    world.cluster.change(
        Attachment.KIND,
        SECOND,
        object -> {
          object.withArray("/metadata/finalizers").add(OURS);
          object.withObject("/metadata/annotations").put(AttacherNames.NODE_ID, "nodeID2");
        });
    world.driver.detach("handle1", "nodeID1");
    world.driver.attach("handle1", "nodeID2");

    life.live(ofSeconds(10));

    assertThat(world.driver.attached()).containsExactly("handle1@nodeID1");
    assertThat(world.attached()).isTrue();
  }

  private void onOneNodeOnly() {
    world.cluster.change(
        Volume.KIND,
        World.VOLUME,
        object -> ((ObjectNode) object.get("spec")).putArray("accessModes").add("ReadWriteOnce"));
  }

  private void secondAppears() {
    world.cluster.put(Attachment.KIND, World.attachment("va2", "csi/test", "node2"));
  }

  private String second(String path) {
    return world.cluster.get(Attachment.KIND, SECOND).at(path).asText();
  }
}
