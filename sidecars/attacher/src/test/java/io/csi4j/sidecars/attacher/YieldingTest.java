package io.csi4j.sidecars.attacher;

import static io.csi4j.sidecars.attacher.World.OURS;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * 25.5: a pod waits for what is attached, and nobody for what is detached. So a storm of detaches
 * in which none of them gets its turn at the API server is not felt by an attach.
 */
class YieldingTest {
  private final World world = new World();

  @Test
  void given_no_turn_for_who_yields_when_a_volume_is_to_be_attached_then_it_is() {
    world.volumeNeedsSecret();
    world.secretAppears(data -> data.put("foo", "YmFy"));
    world.volumeVanishes();
    world.volumeAppears();
    world.attachmentAppears();

    amongOthers();

    assertThat(world.attached()).isTrue();
    assertThat(world.finalizersOfAttachment()).containsExactly(OURS);
    assertThat(world.finalizersOfVolume()).containsExactly(OURS);
  }

  @Test
  void given_no_turn_for_who_yields_when_a_volume_is_to_be_detached_then_its_turn_is_waited_for() {
    world.attachmentAppears();
    alone();
    world.attachmentIsDeleted();

    amongOthers();

    assertThat(world.finalizersOfAttachment()).containsExactly(OURS);
    assertThat(world.driver.attached()).isEmpty();
    alone();
    assertThat(world.hasAttachment()).isFalse();
  }

  /** What a detach reads, it reads in its own turn, too. */
  @Test
  void given_no_turn_for_who_yields_when_a_detach_needs_a_secret_then_it_waits_for_that() {
    world.attachmentAppears();
    alone();
    world.volumeNeedsSecret();
    world.secretAppears(data -> data.put("foo", "YmFy"));
    world.attachmentIsDeleted();

    amongOthers();
    assertThat(world.driver.unpublishes()).isEmpty();
    alone();

    assertThat(world.driver.unpublishes().getFirst().getSecretsMap())
        .isEqualTo(Map.of("foo", "bar"));
    assertThat(world.hasAttachment()).isFalse();
  }

  @Test
  void given_no_turn_for_who_yields_when_a_volume_is_deleted_then_it_is_held_until_then() {
    world.volumeIsDeleted();

    amongOthers();
    assertThat(world.finalizersOfVolume()).containsExactly(OURS);
    alone();

    assertThat(world.hasVolume()).isFalse();
  }

  private void amongOthers() {
    var life = world.lifeAmongOthers();
    life.live(ofSeconds(10));
    life.close();
  }

  private void alone() {
    var life = world.life();
    life.live(ofSeconds(1));
    life.close();
  }
}
