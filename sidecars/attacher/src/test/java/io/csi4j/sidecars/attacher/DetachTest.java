package io.csi4j.sidecars.attacher;

import static io.csi4j.sidecars.attacher.World.OURS;
import static io.csi4j.sidecars.attacher.World.PATCH_ATTACHMENT;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.e2e.simulator.SimulatedDriver.Fault;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.Secret;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Detaching, from what the cluster holds to what it and the driver hold in the end. */
class DetachTest {
  private final World world = new World();
  private final World.Life life = world.life();

  @BeforeEach
  void attached() {
    world.attachmentAppears();
    life.look();
    assertThat(world.attached()).isTrue();
  }

  /** Scenario 42; nobody else holds it, so there is no status left to be written. */
  @Test
  void given_it_is_deleted_then_it_is_unpublished_released_and_gone() {
    world.attachmentIsDeleted();

    life.live(ofSeconds(10));

    assertThat(world.driver.attached()).isEmpty();
    assertThat(world.driver.unpublishes()).hasSize(1);
    assertThat(world.hasAttachment()).isFalse();
    assertThat(world.faults.history()).endsWith("ControllerUnpublishVolume", PATCH_ATTACHMENT);
  }

  /** Scenarios 44 and 45. */
  @Test
  void given_a_secret_that_is_missing_for_a_while_then_it_stays_attached_so_long() {
    world.volumeNeedsSecret();
    world.attachmentIsDeleted();

    life.look();
    assertThat(world.detachError())
        .isEqualTo("failed to load secret \"default/secret1\": secrets \"secret1\" not found");
    assertThat(world.finalizersOfAttachment()).containsExactly(OURS);
    assertThat(world.driver.unpublishes()).isEmpty();
    world.secretAppears(data -> data.put("foo", "YmFy"));
    life.live(ofSeconds(1));

    assertThat(world.driver.unpublishes().getFirst().getSecretsMap())
        .isEqualTo(Map.of("foo", "bar"));
    assertThat(world.hasAttachment()).isFalse();
    assertThat(world.cluster.has(Secret.KIND, new ObjectKey("default", "secret1"))).isTrue();
  }

  /** Scenarios 46, 47 and 48: "not found" is no proof that it is detached. */
  @ParameterizedTest
  @CsvSource({"UNKNOWN, Unknown", "DEADLINE_EXCEEDED, DeadlineExceeded", "NOT_FOUND, NotFound"})
  void given_the_driver_fails_once_then_it_stays_held_until_the_driver_succeeds(
      Code code, String name) {
    world.driver.fails(new Fault.Says(code, "mock error"));
    world.attachmentIsDeleted();

    life.look();
    assertThat(world.detachError())
        .isEqualTo("rpc error: code = %s desc = mock error".formatted(name));
    assertThat(world.finalizersOfAttachment()).containsExactly(OURS);
    assertThat(world.attached()).isTrue();
    life.live(ofSeconds(1));

    assertThat(world.hasAttachment()).isFalse();
    assertThat(world.driver.attached()).isEmpty();
  }

  /** Scenario 93: the attach failures before are forgotten. */
  @Test
  void given_a_success_before_when_it_fails_then_pauses_start_at_one_second_again() {
    world.driver.fails(new Fault.Away(), new Fault.Says(Code.ABORTED, "busy"));
    world.attachmentIsDeleted();

    life.live(ofSeconds(2));
    assertThat(world.driver.calls()).hasSize(2);
    life.live(ofSeconds(2));

    assertThat(world.driver.calls()).hasSize(3);
    assertThat(world.hasAttachment()).isFalse();
  }

  /** Scenario 52. */
  @Test
  void given_the_volume_is_gone_then_it_waits_for_it_and_is_woken_by_it() {
    world.volumeVanishes();
    world.attachmentIsDeleted();
    life.live(ofSeconds(4));
    assertThat(world.detachError()).isEqualTo("persistentvolume \"pv1\" not found");

    world.volumeAppears(OURS);
    life.look();

    assertThat(world.hasAttachment()).isFalse();
  }

  /** Scenarios 56 and 57. */
  @Test
  void given_the_node_is_gone_then_the_id_that_it_was_published_with_is_used() {
    world.nodeVanishes();
    world.attachmentIsDeleted();

    life.look();

    assertThat(world.driver.unpublishes().getFirst().getNodeId()).isEqualTo("nodeID1");
    assertThat(world.hasAttachment()).isFalse();
  }

  /** Scenario 55. */
  @Test
  void given_nobody_knows_the_nodes_id_then_the_driver_is_not_called() {
    world.nodeVanishes();
    world.cluster.change(
        Attachment.KIND,
        World.ATTACHMENT,
        object -> object.withObject("/metadata").remove("annotations"));
    world.attachmentIsDeleted();

    life.look();

    assertThat(world.detachError()).isEqualTo("csinode.storage.k8s.io \"node1\" not found");
    assertThat(world.driver.unpublishes()).isEmpty();
  }

  /** Scenario 58. */
  @Test
  void given_it_cannot_be_released_then_the_user_reads_why_and_it_is_unpublished_again() {
    world.faults.forbid(PATCH_ATTACHMENT, 1);
    world.attachmentIsDeleted();

    life.look();
    assertThat(world.detachError())
        .isEqualTo("could not mark as detached: " + PATCH_ATTACHMENT + ": not today");
    assertThat(world.attached()).isTrue();
    life.live(ofSeconds(1));

    assertThat(world.driver.unpublishes()).hasSize(2);
    assertThat(world.hasAttachment()).isFalse();
  }

  /** Scenario 60. */
  @Test
  void given_others_hold_it_too_then_only_ours_goes_and_the_status_says_detached() {
    world.cluster.change(
        Attachment.KIND,
        World.ATTACHMENT,
        object -> object.withArray("/metadata/finalizers").add("other/f"));
    world.attachmentIsDeleted();

    life.live(ofSeconds(10));

    assertThat(world.finalizersOfAttachment()).containsExactly("other/f");
    assertThat(world.attachment("/status").toString()).isEqualTo("{\"attached\":false}");
    assertThat(world.driver.unpublishes()).hasSize(1);
  }

  /** Scenario 51: with our finalizer on it, "not attached" only means that nobody knows. */
  @Test
  void given_a_publish_in_doubt_when_it_is_deleted_then_it_is_unpublished() {
    var other = new World();
    other.driver.fails(new Fault.DoneUnheard(Code.DEADLINE_EXCEEDED));
    other.attachmentAppears();
    var its = other.life();
    its.look();
    assertThat(other.driver.attached()).isNotEmpty();

    other.attachmentIsDeleted();
    its.look();

    assertThat(other.driver.attached()).isEmpty();
    assertThat(other.hasAttachment()).isFalse();
  }
}
