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
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenarios E of provisioner 26: what follows from the answers of driver and API server. */
class AnswerScenariosTest {
  private final Stage stage = new Stage();
  private TunedDriver driver = new TunedDriver(stage.driver.life(Effects.QUIET));

  private AnswerScenariosTest() {
    stage.driverDoor(
        door -> {
          driver = new TunedDriver(door);
          return driver;
        });
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
      stage.select(key, "a");
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
    stage.select(key, "a");
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
