package io.csi4j.sidecars.attacher;

import static io.csi4j.sidecars.attacher.World.OURS;
import static io.csi4j.sidecars.attacher.World.PATCH_ATTACHMENT;
import static io.csi4j.sidecars.attacher.World.PATCH_STATUS;
import static io.csi4j.sidecars.attacher.World.PATCH_VOLUME;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.e2e.simulator.SimulatedDriver.Fault;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.doors.Code;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attaching, from what the cluster holds to what it and the driver hold in the end. */
class AttachTest {
  private final World world = new World();
  private final World.Life life = world.life();

  /** Scenarios 1, 6 and 19, and invariant I1: the order is what makes a crash harmless. */
  @Test
  void given_a_new_attachment_then_it_is_held_published_and_reported_in_this_order() {
    world.attachmentAppears();

    life.live(ofSeconds(10));

    assertThat(world.faults.history())
        .containsExactly(PATCH_ATTACHMENT, "ControllerPublishVolume", PATCH_STATUS);
    assertThat(world.finalizersOfAttachment()).containsExactly(OURS);
    assertThat(world.attachment("/metadata/annotations").toString())
        .isEqualTo("{\"csi.alpha.kubernetes.io/node-id\":\"nodeID1\"}");
    assertThat(world.attachment("/status").toString())
        .isEqualTo("{\"attached\":true,\"attachmentMetadata\":{\"device\":\"/dev/handle1\"}}");
    assertThat(world.driver.attached()).containsExactly("handle1@nodeID1");
  }

  /** Scenario 10. */
  @Test
  void given_a_secret_then_the_driver_gets_what_is_in_it_now() {
    world.volumeNeedsSecret();
    world.secretAppears(data -> data.put("foo", "YmFy"));
    world.attachmentAppears();

    life.look();

    assertThat(world.driver.publishes().getFirst().getSecretsMap()).isEqualTo(Map.of("foo", "bar"));
  }

  /** Scenario 12. */
  @Test
  void given_an_empty_secret_then_that_is_no_error() {
    world.volumeNeedsSecret();
    world.secretAppears(_ -> {});
    world.attachmentAppears();

    life.look();

    assertThat(world.attached()).isTrue();
  }

  /** Scenario 13. */
  @Test
  void given_no_secret_then_nothing_is_held_and_the_driver_not_called() {
    world.volumeNeedsSecret();
    world.attachmentAppears();

    life.look();

    assertThat(world.attachError())
        .isEqualTo("failed to load secret \"default/secret1\": secrets \"secret1\" not found");
    assertThat(world.finalizersOfAttachment()).isEmpty();
    assertThat(world.driver.calls()).isEmpty();
  }

  /** Scenario 14. */
  @Test
  void given_a_volume_that_is_not_held_then_it_is_before_the_attachment() {
    world.volumeVanishes();
    world.volumeAppears();
    world.attachmentAppears();

    life.live(ofSeconds(10));

    assertThat(world.finalizersOfVolume()).containsExactly(OURS);
    assertThat(world.faults.history())
        .containsExactly(PATCH_VOLUME, PATCH_ATTACHMENT, "ControllerPublishVolume", PATCH_STATUS);
  }

  /** Scenario 15. */
  @Test
  void given_a_volume_that_others_hold_then_theirs_stay() {
    world.volumeVanishes();
    world.volumeAppears("a/a", "b/b");
    world.attachmentAppears();

    life.look();

    assertThat(world.finalizersOfVolume()).containsExactly("a/a", "b/b", OURS);
  }

  /** Scenario 16. */
  @Test
  void given_the_volume_cannot_be_held_then_the_user_reads_why_until_it_can() {
    world.volumeVanishes();
    world.volumeAppears();
    world.faults.forbid(PATCH_VOLUME, 1);
    world.attachmentAppears();

    life.look();
    assertThat(world.attachError())
        .isEqualTo("could not add PersistentVolume finalizer: " + PATCH_VOLUME + ": not today");
    assertThat(world.driver.calls()).isEmpty();
    life.live(ofSeconds(1));

    assertThat(world.attached()).isTrue();
    assertThat(world.attachError()).isEmpty();
  }

  /** Scenario 17. */
  @Test
  void given_it_is_attached_when_the_attacher_starts_again_then_nothing_happens() {
    world.attachmentAppears();
    life.look();
    var before = world.faults.history();

    world.life().live(ofMinutes(10));

    assertThat(world.faults.history()).isEqualTo(before);
  }

  /** Scenario 18. */
  @Test
  void given_a_volume_in_deletion_then_the_driver_is_not_called() {
    world.volumeIsDeleted();
    world.attachmentAppears();

    life.look();

    assertThat(world.attachError()).isEqualTo("PersistentVolume \"pv1\" is marked for deletion");
    assertThat(world.driver.calls()).isEmpty();
  }

  /** Scenario 20. */
  @Test
  void given_an_attachment_of_another_attacher_then_nothing_is_done() {
    world.attachmentAppears("another");

    life.live(ofSeconds(10));

    assertThat(world.faults.history()).isEmpty();
  }

  /** Scenario 21, and what upstream leaves to the back-off: the volume's coming wakes it. */
  @Test
  void given_no_volume_then_the_user_reads_so_and_its_coming_wakes_the_attachment() {
    world.volumeVanishes();
    world.attachmentAppears();
    life.live(ofSeconds(4));
    assertThat(world.attachError()).isEqualTo("persistentvolume \"pv1\" not found");

    // The next look of its own is due at 7 s.
    world.volumeAppears();
    life.look();

    assertThat(world.attached()).isTrue();
  }

  /** Scenario 22. */
  @Test
  void given_the_error_cannot_be_written_then_it_is_with_a_later_attempt() {
    world.volumeVanishes();
    world.faults.forbid(PATCH_STATUS, 2);
    world.attachmentAppears();

    life.live(ofSeconds(2));
    assertThat(world.attachError()).isEmpty();
    life.live(ofSeconds(2));

    assertThat(world.attachError()).isEqualTo("persistentvolume \"pv1\" not found");
  }

  /** Scenario 25 and attacher.md 25.2: the node's coming wakes it. */
  @Test
  void given_no_node_then_the_user_reads_so_and_its_coming_wakes_the_attachment() {
    world.nodeVanishes();
    world.attachmentAppears();
    life.live(ofSeconds(4));
    assertThat(world.attachError()).isEqualTo("csinode.storage.k8s.io \"node1\" not found");

    world.nodeAppears("nodeID1");
    life.look();

    assertThat(world.attached()).isTrue();
  }

  /** Scenario 26. */
  @Test
  void given_a_node_without_driver_then_its_registration_wakes_the_attachment() {
    world.nodeLosesDriver();
    world.attachmentAppears();
    life.live(ofSeconds(4));
    assertThat(world.attachError()).isEqualTo("CSINode node1 does not contain driver csi/test");

    world.nodeAppears("nodeID1");
    life.look();

    assertThat(world.attached()).isTrue();
  }

  /** Scenario 27. */
  @Test
  void given_it_cannot_be_held_then_the_driver_is_not_called_until_it_is() {
    world.faults.forbid(PATCH_ATTACHMENT, 2);
    world.faults.forbid(PATCH_STATUS, 1);
    world.attachmentAppears();

    life.live(ofSeconds(2));
    assertThat(world.driver.calls()).isEmpty();
    assertThat(world.attachError())
        .isEqualTo("could not save VolumeAttachment: " + PATCH_ATTACHMENT + ": not today");
    life.live(ofSeconds(2));

    assertThat(world.attached()).isTrue();
    assertThat(world.driver.calls()).hasSize(1);
  }

  /** Scenario 28. */
  @Test
  void given_the_success_cannot_be_written_then_it_is_published_again_and_no_error_is_written() {
    world.faults.forbid(PATCH_STATUS, 1);
    world.attachmentAppears();

    life.look();
    assertThat(world.attachment("/status").toString()).isEqualTo("{\"attached\":false}");
    life.live(ofSeconds(1));

    assertThat(world.attached()).isTrue();
    assertThat(world.driver.calls()).hasSize(2);
  }

  /** Scenarios 29, 30 and 31. */
  @ParameterizedTest
  @CsvSource({
    "UNKNOWN, 2, Unknown",
    "RESOURCE_EXHAUSTED, 8, ResourceExhausted",
    "DEADLINE_EXCEEDED, 4, DeadlineExceeded",
    "INVALID_ARGUMENT, 3, InvalidArgument"
  })
  void given_the_driver_fails_once_then_code_and_words_are_its_own_until_it_succeeds(
      Code code, int number, String name) {
    world.driver.fails(new Fault.Says(code, "mock error"));
    world.attachmentAppears();

    life.look();
    assertThat(world.attachError())
        .isEqualTo("rpc error: code = %s desc = mock error".formatted(name));
    assertThat(world.attachment("/status/attachError/errorCode").asInt()).isEqualTo(number);
    assertThat(world.finalizersOfAttachment()).containsExactly(OURS);
    life.live(ofSeconds(1));

    assertThat(world.attached()).isTrue();
    assertThat(world.attachment("/status/attachError").isMissingNode()).isTrue();
  }

  @Test
  void given_the_driver_is_away_then_it_counts_as_unavailable() {
    world.driver.fails(new Fault.Away());
    world.attachmentAppears();

    life.look();

    assertThat(world.attachment("/status/attachError/errorCode").asInt()).isEqualTo(14);
  }

  /** Scenario 32. */
  @Test
  void given_the_node_comes_back_under_another_id_when_not_attached_then_that_one_is_used() {
    world.driver.fails(new Fault.Says(Code.UNKNOWN, "mock error"));
    world.attachmentAppears();
    life.look();

    world.nodeAppears("nodeID2");
    life.look();

    assertThat(world.driver.attached()).containsExactly("handle1@nodeID2");
    assertThat(world.attachment("/metadata/annotations").toString()).contains("nodeID2");
  }

  /** Scenarios 33 and 92: our own writes do not shorten the pauses. */
  @Test
  void given_repeated_failures_then_pauses_double_up_to_five_minutes() {
    world.volumeVanishes();
    world.volumeAppears();
    world.driver.fails(
        Collections.nCopies(20, new Fault.Says(Code.UNKNOWN, "mock error")).toArray(new Fault[0]));
    world.attachmentAppears();
    var attempts = 0;

    for (var pauseSeconds : new int[] {1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300}) {
      life.look();
      assertThat(world.driver.calls()).hasSize(++attempts);
      life.live(ofSeconds(pauseSeconds - 1));
      assertThat(world.driver.calls()).hasSize(attempts);
      life.look();
    }

    assertThat(world.faults.history())
        .containsOnlyOnce(PATCH_VOLUME)
        .containsOnlyOnce(PATCH_ATTACHMENT);
  }

  /** attacher.md 25.8: the name of an attachment is the same each time. */
  @Test
  void given_failures_when_its_successor_appears_then_they_are_forgotten() {
    world.volumeNeedsSecret();
    world.attachmentAppears();
    life.live(ofSeconds(20));
    world.attachmentIsDeleted();
    life.look();

    world.attachmentAppears();
    life.look();
    assertThat(world.attachError()).startsWith("failed to load secret");
    world.secretAppears(_ -> {});
    life.live(ofSeconds(1));

    assertThat(world.attached()).isTrue();
  }

  /** Scenario 102. */
  @Test
  void given_an_error_that_the_api_server_would_not_take_then_it_is_cut() {
    world.driver.fails(new Fault.Says(Code.INTERNAL, "x".repeat(5000) + " the end"));
    world.attachmentAppears();

    life.look();

    assertThat(world.attachError())
        .startsWith("rpc error: code = Internal desc = xxx")
        .endsWith("xxx the end")
        .hasSizeLessThanOrEqualTo(1024);
  }

  @Test
  void given_somebody_says_now_by_an_annotation_then_the_pause_ends() {
    world.driver.fails(
        Collections.nCopies(3, new Fault.Says(Code.UNKNOWN, "mock error")).toArray(new Fault[0]));
    world.attachmentAppears();
    life.live(ofSeconds(4));
    assertThat(world.attached()).isFalse();

    world.cluster.change(
        Attachment.KIND,
        World.ATTACHMENT,
        object -> object.withObject("/metadata/annotations").put("poke", "1"));
    life.look();

    assertThat(world.attached()).isTrue();
  }
}
