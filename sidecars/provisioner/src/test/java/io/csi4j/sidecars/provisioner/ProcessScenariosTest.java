package io.csi4j.sidecars.provisioner;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.e2e.simulator.Effects;
import io.csi4j.e2e.simulator.SimulatedDriver;
import io.csi4j.sidecars.kit.doors.Code;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * Scenarios of area P that are the provisioner's own. The others are the kit's: P1 and P2 {@code
 * DriverConnectionTest}, P3 {@code DriverSidecarTest}, P6 {@code ElectorTest}, P7 {@code
 * LeaseNameTest}.
 */
class ProcessScenariosTest {
  private final AtomicReference<TunedDriver> driver = new AtomicReference<>();
  private final Stage stage =
      new Stage()
          .driverDoor(
              door -> {
                driver.set(new TunedDriver(door));
                return driver.get();
              });

  /** P4. */
  @Test
  void given_an_orderly_end_during_a_call_then_its_volume_is_stored_and_the_rest_is_left() {
    stage.flags("--worker-threads=1");
    var life = stage.life();
    driver.get().during = () -> life.time().sleep(ofSeconds(5));
    stage.claim("data");
    stage.claim("more");
    life.live(ofSeconds(1));

    life.end();

    assertThat(stage.driver.volumeNames()).hasSize(1);
    assertThat(stage.hasVolume("data") ^ stage.hasVolume("more")).isTrue();
    stage.life().live(ofSeconds(5));
    assertThat(stage.driver.volumeNames()).hasSize(2);
    assertThat(stage.hasVolume("data") && stage.hasVolume("more")).isTrue();
  }

  /** P4: the next leader waits for this end. */
  @Test
  void given_an_orderly_end_while_an_intent_is_written_then_the_call_is_left_to_the_next_life() {
    var writes = new AtomicReference<Runnable>(() -> {});
    var life =
        stage.life(
            new Effects() {
              @Override
              public void before(String what) {
                if (what.contains("configmaps") && !what.startsWith("get")) {
                  writes.get().run();
                }
              }

              @Override
              public void after(String what) {}
            });
    life.live(ofSeconds(1));
    writes.set(() -> life.time().sleep(ofSeconds(3)));
    stage.claim("data");
    life.live(ofSeconds(1));

    life.end();

    assertThat(stage.driver.calls()).isEmpty();
    stage.endClaim("data");
    stage.life().live(ofSeconds(5));
    assertThat(stage.driver.volumeNames()).hasSize(1);
    assertThat(stage.hasVolume("data")).isTrue();
  }

  /** P4: what cannot be stored before the end is an intent, and the next leader's work. */
  @Test
  void given_an_orderly_end_with_a_volume_that_is_in_doubt_then_the_next_life_stores_it() {
    stage.driver.fails(new SimulatedDriver.Fault.DoneUnheard(Code.DEADLINE_EXCEEDED));
    stage.claim("data");
    var life = stage.life();
    life.live(ofMillis(500));

    life.end();
    stage.endClaim("data");

    assertThat(stage.driver.volumeNames()).hasSize(1);
    stage.life().live(ofSeconds(5));
    assertThat(stage.hasVolume("data")).isTrue();
  }

  /** P5; that the connection itself never idles out is set in the kit's {@code EpollChannel}. */
  @Test
  void given_35_idle_minutes_then_a_claim_is_served_by_the_same_process() {
    var life = stage.life();
    assertThat(life.live(ofMinutes(35))).isTrue();

    stage.claim("data");
    life.live(ofSeconds(1));

    assertThat(stage.hasVolume("data")).isTrue();
  }
}
