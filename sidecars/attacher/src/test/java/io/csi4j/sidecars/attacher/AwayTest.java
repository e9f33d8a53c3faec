package io.csi4j.sidecars.attacher;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.e2e.simulator.SimulatedDriver.Fault;
import org.junit.jupiter.api.Test;

/** The driver or the API server is away for a while: nobody waits long once it is back. */
class AwayTest {
  private static final int TRIES = 100;

  private final World world = new World();
  private final World.Life life = world.life();

  @Test
  void given_the_driver_was_away_for_long_then_it_is_called_soon_after_it_is_back() {
    world.driver.fails(nCopies(TRIES, new Fault.Away()).toArray(Fault[]::new));
    world.attachmentAppears();

    life.live(ofSeconds(2 * TRIES));

    assertThat(world.attached()).isTrue();
  }

  @Test
  void given_the_driver_is_away_then_that_is_written_once() {
    world.driver.fails(nCopies(TRIES, new Fault.Away()).toArray(Fault[]::new));
    world.attachmentAppears();

    life.live(ofMinutes(1));

    assertThat(world.faults.history().stream().filter(World.PATCH_STATUS::equals)).hasSize(1);
    assertThat(world.attachError()).contains("Unavailable");
  }

  @Test
  void given_the_driver_was_away_for_long_then_detaching_goes_on_soon_too() {
    world.attachmentAppears();
    life.look();
    world.driver.fails(nCopies(TRIES, new Fault.Away()).toArray(Fault[]::new));
    world.attachmentIsDeleted();

    life.live(ofSeconds(2 * TRIES));

    assertThat(world.hasAttachment()).isFalse();
    assertThat(world.driver.attached()).isEmpty();
  }

  /** What the driver has done cannot be written down; it is not asked again until it can. */
  @Test
  void given_the_server_goes_away_while_it_is_published_then_the_driver_is_not_pestered() {
    world.attachmentAppears();
    world.faults.forbid(World.PATCH_STATUS, 1);
    life.look();
    world.faults.serverAway(true);
    life.live(ofMinutes(10));
    var calls = world.driver.calls().size();
    assertThat(calls).isLessThanOrEqualTo(2);

    world.faults.serverAway(false);
    life.live(ofSeconds(3));

    assertThat(world.attached()).isTrue();
    assertThat(world.driver.calls()).hasSize(calls + 1);
  }

  @Test
  void given_the_server_goes_away_while_it_is_unpublished_then_the_driver_is_not_pestered() {
    world.attachmentAppears();
    life.look();
    world.attachmentIsDeleted();
    world.faults.serverAway(true);
    life.live(ofMinutes(10));
    assertThat(world.driver.unpublishes()).hasSize(1);

    world.faults.serverAway(false);
    life.live(ofSeconds(3));

    assertThat(world.hasAttachment()).isFalse();
    assertThat(world.driver.unpublishes()).hasSize(2);
  }

  /** As behind a webhook that fails: each attempt costs something, and it may last. */
  @Test
  void given_a_server_that_answers_and_takes_no_writes_then_the_pauses_grow() {
    world.attachmentAppears();
    life.look();
    world.attachmentIsDeleted();
    world.faults.writesFail();

    life.live(ofMinutes(10));

    assertThat(world.driver.unpublishes()).hasSizeBetween(5, 12);
  }
}
