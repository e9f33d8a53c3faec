package io.csi4j.sidecars.provisioner;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.e2e.simulator.SimulatedDriver.Fault;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.Outcome;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scenarios K of provisioner 26: when the driver is asked for room. */
class CapacityQuestionsScenariosTest {
  private static final int PLACES = 200;
  private final CapacityStage at = new CapacityStage();

  /** K6. */
  @Test
  void given_the_driver_fails_then_the_object_stays_and_it_is_asked_again() {
    at.zone();
    var life = at.stage.life();
    life.live(ofSeconds(5));
    at.driver.capacity = _ -> new Outcome.Refused<>(Code.INTERNAL, "no");
    life.live(ofMinutes(2));
    assertThat(at.only().at("/capacity").asText()).isEqualTo("1Gi");

    at.driver.capacity = _ -> TunedDriver.room(5);
    life.live(ofMinutes(6));

    assertThat(at.only().at("/capacity").asText()).isEqualTo("5");
  }

  /** K7, K8. */
  @ParameterizedTest
  @CsvSource({"created, 1", "refused, 2", "never reached, 0"})
  void given_a_volume_that_is_made_or_not_then_the_room_it_may_have_changed_is_asked_for(
      String how, int questions) {
    at.zone();
    at.stage.node("n2", Map.of("zone", "2"), "zone");
    var life = at.stage.life();
    life.live(ofSeconds(10));
    at.driver.questions.clear();
    switch (how) {
      case "refused" -> at.stage.driver.fails(new Fault.Says(Code.INTERNAL, "no"));
      case "never reached" -> at.stage.driver.fails(new Fault.Away());
      default -> {}
    }
    at.stage.claim(
        "data", claim -> claim.withObject("/metadata/annotations").put(Names.SELECTED_NODE, "n1"));

    life.live(ofMillis(400));

    assertThat(at.driver.questions).hasSize(questions);
    if (how.equals("created")) {
      assertThat(at.driver.questions.getFirst().getAccessibleTopology().getSegmentsMap())
          .isEqualTo(Map.of("zone", "1"));
    }
  }

  /** K7, K8. */
  @Test
  void given_a_volume_that_is_deleted_then_its_place_is_asked_for() {
    at.zone();
    at.stage.node("n2", Map.of("zone", "2"), "zone");
    at.stage.claim(
        "data", claim -> claim.withObject("/metadata/annotations").put(Names.SELECTED_NODE, "n2"));
    var life = at.stage.life();
    life.live(ofSeconds(10));
    at.driver.questions.clear();

    at.stage.endClaim("data");
    life.live(ofSeconds(1));

    assertThat(at.driver.questions)
        .singleElement()
        .satisfies(
            question ->
                assertThat(question.getAccessibleTopology().getSegmentsMap())
                    .isEqualTo(Map.of("zone", "2")));
  }

  /** K9, B-11: three polls come due before all have been asked once. */
  @Test
  void given_many_places_and_a_slow_driver_then_no_queue_grows() {
    for (var i = 0; i < PLACES; i++) {
      at.stage.node("n" + i, Map.of("zone", "z" + i), "zone");
    }
    var life = at.stage.life();
    var inside = new int[2];
    at.driver.capacity =
        _ -> {
          inside[1] = Math.max(inside[1], ++inside[0]);
          life.time().sleep(ofSeconds(1));
          inside[0]--;
          return TunedDriver.room(1);
        };

    life.live(ofMinutes(4));

    assertThat(inside[1]).isEqualTo(1);
    assertThat(at.driver.questions).hasSizeBetween(PLACES, PLACES + 45);
    var depth =
        life.metrics()
            .lines()
            .filter(line -> line.startsWith("workqueue_depth{name=\"csistoragecapacity\"}"))
            .findFirst()
            .orElseThrow();
    assertThat(Double.parseDouble(depth.substring(depth.lastIndexOf(' '))))
        .isLessThanOrEqualTo(PLACES);
  }
}
