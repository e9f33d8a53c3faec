package io.csi4j.sidecars.provisioner;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.simulator.Effects;
import io.csi4j.e2e.simulator.SimulatedCluster;
import io.csi4j.e2e.simulator.SimulatedDriver.Fault;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.StorageClass;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.util.ArrayList;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenarios S and E of provisioner 26: which claims, in which order, and what failures lead to. */
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

    select(key, "b");
    life.live(ofSeconds(1));

    assertThat(preferredZone()).isEqualTo("2");
  }

  /** S6. */
  @Test
  void given_immediate_binding_and_a_node_then_the_node_is_used() {
    stage.topology();
    stage.node("a", java.util.Map.of("zone", "1"), "zone");
    stage.node("b", java.util.Map.of("zone", "2"), "zone");
    select(stage.claim("data"), "b");

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

  static Stream<Arguments> codes() {
    return Stream.of(Code.values())
        .filter(code -> code != Code.OK)
        .flatMap(
            code ->
                Stream.of(true, false)
                    .flatMap(
                        topology ->
                            Stream.of(true, false)
                                .map(node -> Arguments.of(code, topology, node))));
  }

  /** E1: 16 codes, with and without topology, with and without a node. */
  @ParameterizedTest
  @MethodSource("codes")
  void given_a_code_then_the_claim_goes_on_as_the_table_says(
      Code code, boolean topology, boolean node) {
    if (topology) {
      stage.topology();
      stage.node("a", java.util.Map.of("zone", "1"), "zone");
    }
    var key = stage.claim("data");
    if (node) {
      select(key, "a");
    }
    stage.driver.fails(new Fault.Says(code, "because"));
    var life = stage.life();
    life.live(ofMillis(400));
    var rescheduled =
        !stage.cluster.get(Claim.KIND, key).at("/metadata/annotations").has(Names.SELECTED_NODE);

    assertThat(rescheduled && node).isEqualTo(code == Code.RESOURCE_EXHAUSTED && topology && node);
    assertThat(life.events().getLast().message())
        .contains("rpc error: code = %s desc = because".formatted(code.goName()));
    stage.cluster.delete(Claim.KIND, key);
    life.live(ofMinutes(10));
    var background =
        Set.of(Code.CANCELED, Code.DEADLINE_EXCEEDED, Code.ABORTED, Code.UNAVAILABLE)
            .contains(code);
    assertThat(stage.hasVolume("data")).isEqualTo(background);
  }

  /** A final answer that is not true: the name leads the next try to the same volume. */
  @Test
  void given_an_internal_error_for_a_volume_that_was_made_then_it_is_found_again() {
    stage.claim("data");
    stage.driver.fails(new Fault.DoneUnheard(Code.INTERNAL), new Fault.DoneUnheard(Code.INTERNAL));
    var life = stage.life();

    life.live(ofSeconds(10));

    assertThat(stage.driver.volumeNames()).hasSize(1);
    assertThat(driver.creates).hasSize(3);
    assertThat(stage.hasVolume("data")).isTrue();
    assertThat(life.reasons()).last().isEqualTo("ProvisioningSucceeded");
  }

  /** E2. */
  @Test
  void given_the_node_cannot_be_given_back_then_it_is_kept_and_tried_again() {
    stage.topology();
    stage.node("a", java.util.Map.of("zone", "1"), "zone");
    var key = stage.claim("data");
    select(key, "a");
    stage.driver.fails(new Fault.Says(Code.RESOURCE_EXHAUSTED, "full"));
    var life = stage.life(fails("update persistentvolumeclaims", 1));

    life.live(ofSeconds(5));

    assertThat(
            stage.cluster.get(Claim.KIND, key).at("/metadata/annotations").has(Names.SELECTED_NODE))
        .isTrue();
    assertThat(driver.creates).hasSize(2);
  }

  /** E3. */
  @Test
  void given_an_invalid_request_then_the_same_waits_and_another_does_not() {
    var key = stage.claim("data");
    stage.driver.fails(
        new Fault.Says(Code.INVALID_ARGUMENT, "no such tier"),
        new Fault.Says(Code.INVALID_ARGUMENT, "no such tier"),
        new Fault.Says(Code.INVALID_ARGUMENT, "no such tier"));
    var life = stage.life();
    life.live(ofSeconds(100));
    stage.cluster.change(
        Claim.KIND, key, claim -> claim.withObject("/metadata/annotations").put("a", "b"));
    life.live(ofSeconds(100));
    assertThat(driver.creates).hasSize(1);
    assertThat(life.events().getLast().message()).contains("infeasible");

    life.live(ofSeconds(101));
    assertThat(driver.creates).hasSize(2);

    stage.cluster.delete(StorageClass.KIND, ObjectKey.cluster(Stage.CLASS));
    stage.storageClass(_ -> {});
    life.live(ofSeconds(1));
    assertThat(driver.creates).hasSize(3);

    stage.parameters(java.util.Map.of("tier", "gold"));
    life.live(ofSeconds(1));
    assertThat(driver.creates).hasSize(4);
    assertThat(stage.hasVolume("data")).isTrue();
  }

  /** E4. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void given_a_volume_that_is_too_small_then_it_is_removed_and_asked_for_again(boolean removable) {
    stage.claim("data");
    var life = stage.life();
    driver.made = volume -> volume.toBuilder().setCapacityBytes(5).build();
    driver.refusesDeletes = !removable;

    life.live(ofMillis(500));

    assertThat(driver.deletes).hasSize(removable ? 1 : 5);
    assertThat(life.events().getLast().message())
        .contains("created volume capacity 5 less than requested capacity 1073741824");
    assertThat(life.events().getLast().message().contains("orphaned")).isEqualTo(!removable);
    assertThat(stage.hasVolume("data")).isFalse();
  }

  /** E5. */
  @ParameterizedTest
  @CsvSource({"0, 1Gi, 1Gi", "1073741824, 1Gi, 1Gi", "100, 10, 100", "1500000000, 1Gi, 1500000000"})
  void given_a_size_then_the_object_says_it_canonically(long bytes, String wanted, String said) {
    stage.claim(
        "data", claim -> claim.withObject("/spec/resources/requests").put("storage", wanted));
    var life = stage.life();
    driver.made = volume -> volume.toBuilder().setCapacityBytes(bytes).build();

    life.live(ofSeconds(2));

    assertThat(stage.volume("data").at("/spec/capacity/storage").asText()).isEqualTo(said);
  }

  /** E6. */
  @Test
  void given_the_object_cannot_be_stored_twice_then_it_is_tried_again_and_told_once() {
    stage.claim("data");
    var life = stage.life(fails("create persistentvolumes", 2));

    life.live(ofSeconds(10));

    assertThat(stage.hasVolume("data")).isTrue();
    assertThat(driver.deletes).isEmpty();
    assertThat(driver.creates).hasSize(1);
    assertThat(life.reasons().stream().filter("ProvisioningSucceeded"::equals)).hasSize(1);
  }

  /** E7. */
  @ParameterizedTest
  @CsvSource({"same, true", "dying, false", "handle, false"})
  void given_the_object_is_there_already_then_it_must_be_the_same_volume(
      String how, boolean success) {
    stage.claim("data");
    var life =
        stage.life(
            new Effects() {
              private boolean done;

              @Override
              public void before(String what) {
                if (what.startsWith("create persistentvolumes") && !done) {
                  done = true;
                  stage.cluster.put(Volume.KIND, stored(how));
                }
              }

              @Override
              public void after(String what) {}
            });

    life.live(ofMillis(400));

    assertThat(life.reasons().contains("ProvisioningSucceeded")).isEqualTo(success);
    assertThat(life.reasons().contains("ProvisioningFailed")).isEqualTo(!success);
  }

  private static ObjectNode stored(String how) {
    var volume = SimulatedCluster.object("", "pvc-uid-of-data");
    volume
        .withObject("/spec/csi")
        .put("driver", Objects.DRIVER)
        .put("volumeHandle", how.equals("handle") ? "other" : "id-of-pvc-uid-of-data");
    volume.withObject("/spec/claimRef").put("uid", "uid-of-data");
    if (how.equals("dying")) {
      volume.withObject("/metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
      volume.withObject("/metadata").putArray("finalizers").add("x/y");
    }
    return volume;
  }

  /** E10. */
  @Test
  void given_a_context_with_our_key_then_the_drivers_value_wins() {
    stage.claim("data");
    var life = stage.life();
    driver.made =
        volume -> volume.toBuilder().putVolumeContext(Names.IDENTITY_ATTRIBUTE, "mine").build();

    life.live(ofSeconds(2));

    assertThat(
            stage
                .volume("data")
                .at("/spec/csi/volumeAttributes")
                .path(Names.IDENTITY_ATTRIBUTE)
                .asText())
        .isEqualTo("mine");
  }

  /** B-14. */
  @Test
  void given_an_object_that_the_server_will_never_take_then_it_is_said_and_not_hammered() {
    stage.claim("data");
    var life =
        stage.life(
            new Effects() {
              @Override
              public void before(String what) {
                if (what.startsWith("create persistentvolumes")) {
                  throw new ApiFailure.Invalid("spec.capacity: nonsense");
                }
              }

              @Override
              public void after(String what) {}
            });

    life.live(ofSeconds(290));

    assertThat(life.reasons()).containsExactly("Provisioning", "ProvisioningFailed");
    assertThat(life.events().getLast().message()).contains("spec.capacity: nonsense");
  }

  /** Without the right to write intents it works as the Go tool does. */
  @Test
  void given_no_right_to_config_maps_then_volumes_are_made_all_the_same() {
    stage.claim("data");
    var life =
        stage.life(
            new Effects() {
              @Override
              public void before(String what) {
                if (what.contains("configmaps")) {
                  throw new ApiFailure.Forbidden("configmaps is forbidden");
                }
              }

              @Override
              public void after(String what) {}
            });
    stage.driver.fails(new Fault.DoneUnheard(Code.DEADLINE_EXCEEDED));

    life.live(ofSeconds(10));

    assertThat(stage.hasVolume("data")).isTrue();
    assertThat(life.reasons()).endsWith("ProvisioningSucceeded");
  }

  /** Section 20. */
  @Test
  void given_successes_and_failures_then_both_are_counted_by_class() {
    stage.claim("data");
    stage.driver.fails(new Fault.Says(Code.INTERNAL, "no"));
    var life = stage.life();

    life.live(ofSeconds(5));

    assertThat(life.metrics())
        .contains(
            "controller_persistentvolumeclaim_provision_total{class=\"fast\",source=\"\"} 1.0")
        .contains(
            "controller_persistentvolumeclaim_provision_failed_total{class=\"fast\",source=\"\"} 1.0")
        .contains(
            "controller_persistentvolumeclaim_provision_duration_seconds_count{class=\"fast\",source=\"\"} 1");
  }

  private void select(ObjectKey claim, String node) {
    stage.cluster.change(
        Claim.KIND,
        claim,
        object -> object.withObject("/metadata/annotations").put(Names.SELECTED_NODE, node));
  }

  private static Effects fails(String effect, int times) {
    return new Effects() {
      private int left = times;

      @Override
      public void before(String what) {
        if (what.startsWith(effect) && left > 0) {
          left--;
          throw new ApiFailure.Unreachable("away", null);
        }
      }

      @Override
      public void after(String what) {}
    };
  }
}
