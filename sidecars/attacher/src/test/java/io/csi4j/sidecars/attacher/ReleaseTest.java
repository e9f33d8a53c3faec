package io.csi4j.sidecars.attacher;

import static io.csi4j.sidecars.attacher.World.OURS;
import static io.csi4j.sidecars.attacher.World.PATCH_VOLUME;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import org.junit.jupiter.api.Test;

/** When a volume that is being deleted is let go: attacher.md 16. */
class ReleaseTest {
  private final World world = new World();
  private final World.Life life = world.life();

  /** Scenarios 66, 70 and 74. */
  @Test
  void given_a_volume_in_deletion_when_its_last_attachment_goes_then_it_is_let_go() {
    world.attachmentAppears();
    life.look();
    world.volumeIsDeleted();
    life.live(ofSeconds(10));
    assertThat(world.finalizersOfVolume()).containsExactly(OURS);

    world.attachmentIsDeleted();
    life.live(ofSeconds(1));

    assertThat(world.hasVolume()).isFalse();
    assertThat(world.driver.attached()).isEmpty();
  }

  /** Scenario 67. */
  @Test
  void given_a_volume_that_others_hold_too_then_only_ours_goes() {
    world.volumeVanishes();
    world.volumeAppears(OURS, "a/a", "b/b");
    world.volumeIsDeleted();

    life.look();

    assertThat(world.finalizersOfVolume()).containsExactly("a/a", "b/b");
  }

  /** attacher.md 16: two attachers' stale views may have added it twice. */
  @Test
  void given_ours_is_there_twice_then_both_go() {
    world.volumeVanishes();
    world.volumeAppears(OURS, "a/a", OURS);
    world.volumeIsDeleted();

    life.look();

    assertThat(world.finalizersOfVolume()).containsExactly("a/a");
  }

  /** Scenarios 68 and 69. */
  @Test
  void given_a_volume_not_in_deletion_or_not_ours_then_it_is_not_touched() {
    life.look();
    world.volumeVanishes();
    world.volumeAppears("a/a");
    world.volumeIsDeleted();

    life.live(ofSeconds(10));

    assertThat(world.faults.history()).isEmpty();
  }

  /** Scenario 71. */
  @Test
  void given_it_cannot_be_let_go_twice_then_the_third_attempt_does() {
    world.faults.forbid(PATCH_VOLUME, 2);
    world.volumeIsDeleted();

    life.live(ofSeconds(4));

    assertThat(world.faults.history()).isEqualTo(Collections.nCopies(3, PATCH_VOLUME));
    assertThat(world.hasVolume()).isFalse();
  }

  /** Scenario 72. */
  @Test
  void given_a_volume_that_nothing_names_when_it_is_deleted_then_it_is_let_go() {
    life.look();

    world.volumeIsDeleted();
    life.look();

    assertThat(world.hasVolume()).isFalse();
  }
}
