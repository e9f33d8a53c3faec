package io.csi4j.sidecars.attacher;

import static io.csi4j.sidecars.attacher.World.PATCH_STATUS;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import org.junit.jupiter.api.Test;

/** For a driver that cannot publish: attacher.md 18. */
class TrivialTest {
  private final World world = new World();
  private final World.Life life = world.life(World.TRIVIAL, world.faults);

  /** Scenario 84. */
  @Test
  void given_a_new_attachment_then_it_counts_as_attached_and_nothing_else_is_done() {
    world.attachmentAppears();

    life.live(ofSeconds(10));

    assertThat(world.faults.history()).containsExactly(PATCH_STATUS);
    assertThat(world.attachment("/status").toString()).isEqualTo("{\"attached\":true}");
    assertThat(world.finalizersOfAttachment()).isEmpty();
  }

  /** Scenario 85. */
  @Test
  void given_an_attachment_of_another_driver_then_nothing_is_done() {
    world.attachmentAppears("another");

    life.live(ofSeconds(10));

    assertThat(world.faults.history()).isEmpty();
  }

  /** Scenario 86. */
  @Test
  void given_it_cannot_be_written_twice_then_the_third_attempt_does() {
    world.faults.forbid(PATCH_STATUS, 2);
    world.attachmentAppears();

    life.live(ofSeconds(4));

    assertThat(world.faults.history()).isEqualTo(Collections.nCopies(3, PATCH_STATUS));
    assertThat(world.attached()).isTrue();
  }

  /** Scenario 87. */
  @Test
  void given_a_volume_in_deletion_then_it_is_not_touched() {
    life.look();
    world.volumeIsDeleted();

    life.live(ofSeconds(10));

    assertThat(world.faults.history()).isEmpty();
    assertThat(world.hasVolume()).isTrue();
  }
}
