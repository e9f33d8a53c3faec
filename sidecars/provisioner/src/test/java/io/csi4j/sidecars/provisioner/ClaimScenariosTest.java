package io.csi4j.sidecars.provisioner;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.e2e.simulator.Effects;
import io.csi4j.e2e.simulator.SimulatedCluster;
import io.csi4j.e2e.simulator.SimulatedDriver.Fault;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.Code;
import java.util.ArrayList;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenarios S of provisioner 26: which claims are served, in which order and when again. */
class ClaimScenariosTest {
  private final Stage stage = new Stage();
  private TunedDriver driver = new TunedDriver(stage.driver.life(Effects.QUIET));

  private ClaimScenariosTest() {
    stage.driverDoor(
        door -> {
          driver = new TunedDriver(door);
          return driver;
        });
  }

  /** S1. */
  @Test
  void given_two_claims_then_only_ours_gets_a_volume() {
    stage.claim("data");
    stage.claim(
        "theirs",
        claim -> claim.withObject("/metadata/annotations").put(Names.STORAGE_PROVISIONER, "other"));

    stage.life().live(ofSeconds(5));

    assertThat(stage.hasVolume("data")).isTrue();
    assertThat(stage.cluster.all(Volume.KIND)).hasSize(1);
  }

  /** S2. */
  @ParameterizedTest
  @ValueSource(strings = {"pvc", "disk"})
  void given_the_volume_is_there_then_nothing_is_asked_and_nothing_told(String prefix) {
    stage.flags("--volume-name-prefix=" + prefix);
    stage.claim("data");
    stage.cluster.put(Volume.KIND, SimulatedCluster.object("", prefix + "-uid-of-data"));
    stage.claim("bound", claim -> claim.withObject("/spec").put("volumeName", "any"));
    var life = stage.life();

    life.live(ofSeconds(30));

    assertThat(driver.creates).isEmpty();
    assertThat(life.events()).isEmpty();
  }

  /** S3, B-17: the class wakes the claim. */
  @Test
  void given_no_class_when_it_is_made_then_the_claim_is_served_at_once() {
    stage.claim("data", claim -> claim.withObject("/spec").put("storageClassName", "late"));
    var life = stage.life();
    life.live(ofMinutes(30));
    assertThat(driver.creates).isEmpty();

    stage.storageClass("late", _ -> {});
    life.live(ofSeconds(1));

    assertThat(stage.hasVolume("data")).isTrue();
  }

  /** S4. */
  @Test
  void given_a_class_of_another_provisioner_then_it_is_left_without_a_word() {
    stage.storageClass(object -> object.put("provisioner", "other"));
    stage.claim("data");
    var life = stage.life();

    life.live(ofMinutes(10));

    assertThat(driver.creates).isEmpty();
    assertThat(life.events()).isEmpty();
  }

  /** S5. */
  @Test
  void given_late_binding_then_the_node_is_waited_for_and_used() {
    stage.storageClass(object -> object.put("volumeBindingMode", "WaitForFirstConsumer"));
    stage.topology();
    stage.node("a", java.util.Map.of("zone", "1"), "zone");
    stage.node("b", java.util.Map.of("zone", "2"), "zone");
    var key = stage.claim("data");
    var life = stage.life();
    life.live(ofMinutes(10));
    assertThat(life.events()).isEmpty();

    stage.select(key, "b");
    life.live(ofSeconds(1));

    assertThat(preferredZone()).isEqualTo("2");
  }

  /** S6. */
  @Test
  void given_immediate_binding_and_a_node_then_the_node_is_used() {
    stage.topology();
    stage.node("a", java.util.Map.of("zone", "1"), "zone");
    stage.node("b", java.util.Map.of("zone", "2"), "zone");
    stage.select(stage.claim("data"), "b");

    stage.life().live(ofSeconds(3));

    assertThat(preferredZone()).isEqualTo("2");
  }

  private String preferredZone() {
    return driver
        .creates
        .getFirst()
        .getAccessibilityRequirements()
        .getPreferred(0)
        .getSegmentsOrThrow("zone");
  }

  /** S9. */
  @ParameterizedTest
  @CsvSource({"final, 2", "background, 3", "away, 3"})
  void given_maybe_running_then_only_a_final_answer_ends_it(String second, int calls) {
    var key = stage.claim("data");
    stage.driver.fails(new Fault.Says(Code.ABORTED, "busy"));
    stage.driver.fails(
        switch (second) {
          case "final" -> new Fault.Says(Code.INTERNAL, "no");
          case "away" -> new Fault.Away();
          default -> new Fault.Says(Code.UNAVAILABLE, "busy");
        });
    var life = stage.life();
    life.live(ofMillis(1500));
    assertThat(driver.creates).hasSize(2);

    stage.cluster.delete(Claim.KIND, key);
    life.live(ofMinutes(20));

    assertThat(driver.creates).hasSize(calls);
  }

  /** S11. */
  @Test
  void given_a_change_during_an_attempt_then_there_is_one_more_and_never_two_at_once() {
    var key = stage.claim("data");
    stage.driver.fails(new Fault.Says(Code.INTERNAL, "no"));
    var inside = new int[2];
    var life = stage.life();
    driver.during =
        () -> {
          inside[1] = Math.max(inside[1], ++inside[0]);
          if (driver.creates.size() == 1) {
            stage.cluster.change(
                Claim.KIND, key, claim -> claim.withObject("/metadata/annotations").put("a", "b"));
            stage.cluster.deliver();
          }
          inside[0]--;
        };

    life.live(ofMillis(100));

    assertThat(driver.creates).hasSize(2);
    assertThat(inside[1]).isEqualTo(1);
  }

  /** S12. */
  @Test
  void given_failures_in_a_row_then_pauses_double_and_an_event_goes_in_between() {
    stage.flags("--retry-jitter=0");
    var key = stage.claim("data");
    for (var i = 0; i < 20; i++) {
      stage.driver.fails(new Fault.Says(Code.INTERNAL, "no"));
    }
    var life = stage.life();
    var times = new ArrayList<Long>();
    driver.during = () -> times.add(life.time().nanos() / 1_000_000_000);

    life.live(ofSeconds(20));
    assertThat(times).containsExactly(0L, 1L, 3L, 7L, 15L);
    stage.cluster.change(
        Claim.KIND, key, claim -> claim.withObject("/metadata/annotations").put("a", "b"));
    life.live(ofSeconds(1));
    assertThat(times).hasSize(6);
  }

  /** B-24: what has failed together does not come back together. */
  @Test
  void given_failures_at_one_moment_then_their_next_tries_are_spread() {
    for (var i = 0; i < 4; i++) {
      stage.claim("data-" + i);
      stage.driver.fails(new Fault.Says(Code.INTERNAL, "no"));
    }
    var life = stage.life();
    var times = new ArrayList<Long>();
    driver.during = () -> times.add(life.time().nanos() / 1_000_000);

    life.live(ofSeconds(2));

    assertThat(times).hasSize(8);
    assertThat(times.subList(4, 8)).allMatch(at -> at > 1000 && at <= 1100);
    assertThat(Set.copyOf(times.subList(4, 8))).hasSize(4);
  }
}
