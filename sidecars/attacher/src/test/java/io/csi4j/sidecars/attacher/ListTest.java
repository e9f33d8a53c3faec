package io.csi4j.sidecars.attacher;

import static io.csi4j.sidecars.attacher.World.OURS;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.e2e.simulator.SimulatedDriver.Fault;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.doors.Code;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/** What the driver's list of volumes leads to: attacher.md 17 with 25.7. */
class ListTest {
  private final World world = new World();

  /** Scenario 75; the second list in a row comes soon after the first. */
  @Test
  void given_an_attached_volume_that_the_driver_does_not_list_then_it_is_published_again() {
    var life = attached();
    world.driver.detach("handle1", "nodeID1");

    life.live(ofMinutes(2));

    assertThat(world.driver.attached()).containsExactly("handle1@nodeID1");
    assertThat(world.driver.publishes()).hasSize(2);
    assertThat(world.attached()).isTrue();
  }

  /** Scenario 76. */
  @Test
  void given_the_driver_agrees_then_nothing_is_done() {
    var life = attached();
    var before = world.faults.history().size();

    life.live(ofMinutes(10));

    assertThat(world.faults.history().subList(before, world.faults.history().size()))
        .isNotEmpty()
        .containsOnly("ListVolumes");
  }

  /** A list that was old when it came disturbs nobody. */
  @Test
  void given_a_volume_that_is_missing_in_one_list_only_then_nothing_is_done() {
    var life = attached();
    while (count("ListVolumes") < 2) {
      world.driver.detach("handle1", "nodeID1");
      life.look();
    }
    world.driver.attach("handle1", "nodeID1");

    life.live(ofMinutes(5));

    assertThat(world.driver.publishes()).hasSize(1);
  }

  /** Scenario 77: now, and not when its pause ends. */
  @Test
  void given_a_detach_that_waits_and_a_volume_that_is_listed_then_it_is_tried_now() {
    var life = attached();
    world.volumeNeedsSecret();
    world.attachmentIsDeleted();
    // The next look of its own is due at 255 s.
    life.live(ofSeconds(130));
    assertThat(world.detachError()).startsWith("failed to load secret");
    world.cluster.change(
        Attachment.KIND,
        World.ATTACHMENT,
        object -> object.withObject("/status").put("attached", false));
    world.secretAppears(_ -> {});

    life.live(ofSeconds(70));

    assertThat(world.hasAttachment()).isFalse();
    assertThat(world.driver.attached()).isEmpty();
  }

  /** Scenario 17's table, fifth row. */
  @Test
  void given_a_detached_volume_that_the_driver_lists_then_it_is_unpublished_once_more() {
    var life = attached();
    world.cluster.change(
        Attachment.KIND,
        World.ATTACHMENT,
        object -> object.withArray("/metadata/finalizers").add("other/f"));
    world.attachmentIsDeleted();
    life.look();
    assertThat(world.finalizersOfAttachment()).containsExactly("other/f");
    world.driver.attach("handle1", "nodeID1");

    life.live(ofMinutes(2));

    assertThat(world.driver.attached()).isEmpty();
    assertThat(world.driver.unpublishes()).hasSize(2);
    assertThat(world.finalizersOfAttachment()).containsExactly("other/f");
  }

  /** Scenarios 78 and 79. */
  @Test
  void given_a_volume_that_kubernetes_does_not_know_then_it_is_left_alone() {
    world.driver.attach("stranger", "nodeID1");
    world.attachmentAppears("another");

    world.life(World.LISTS, world.faults).live(ofMinutes(5));

    assertThat(world.driver.attached()).containsExactly("stranger@nodeID1");
    assertThat(world.faults.history()).containsOnly("ListVolumes");
  }

  /** Scenario 80. */
  @Test
  void given_a_list_that_breaks_off_then_nothing_follows_from_it() {
    var life = attached();
    world.driver.detach("handle1", "nodeID1");
    world.driver.fails(
        Collections.nCopies(2, new Fault.Says(Code.INTERNAL, "no list")).toArray(new Fault[0]));

    life.live(ofMinutes(2));
    assertThat(world.driver.publishes()).hasSize(1);
    life.live(ofMinutes(3));

    assertThat(world.driver.publishes()).hasSize(2);
  }

  /** Scenario 82, and 25.7: the doubt lasts until the driver has succeeded. */
  @Test
  void given_publishing_again_fails_then_the_user_reads_it_and_it_goes_on_until_it_succeeds() {
    var life = attached();
    world.driver.detach("handle1", "nodeID1");
    while (world.driver.publishes().size() + failedPublishes() < 2) {
      if (count("ListVolumes") == 3) {
        world.driver.fails(new Fault.Says(Code.INTERNAL, "no path"));
      }
      life.look();
    }
    assertThat(world.attached()).isTrue();
    life.live(ofSeconds(30));

    assertThat(world.driver.attached()).containsExactly("handle1@nodeID1");
    assertThat(world.attachError()).isEmpty();
  }

  /** Scenario 83. */
  @Test
  void given_a_driver_that_cannot_list_then_it_is_not_asked() {
    world.attachmentAppears();

    world.life().live(ofMinutes(5));

    assertThat(world.driver.calls()).doesNotContain("ListVolumes");
  }

  private long failedPublishes() {
    return count("ControllerPublishVolume") - world.driver.publishes().size();
  }

  private long count(String call) {
    return world.driver.calls().stream().filter(call::equals).count();
  }

  private World.Life attached() {
    world.attachmentAppears();
    var life = world.life(World.LISTS, world.faults);
    life.live(ofSeconds(1));
    assertThat(world.attached()).isTrue();
    assertThat(world.finalizersOfAttachment()).containsExactly(OURS);
    return life;
  }
}
