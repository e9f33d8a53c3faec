package io.csi4j.sidecars.provisioner;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.csi4j.e2e.simulator.Effects;
import io.csi4j.e2e.simulator.SimulatedDriver.Fault;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Code;
import org.junit.jupiter.api.Test;

/** Scenarios D of provisioner 26: volumes that will not end, or are changed meanwhile. */
class DeletionFailureScenariosTest {
  private final DeletionStage at = new DeletionStage();

  /** D9. */
  @Test
  void given_the_driver_will_not_then_it_is_told_and_tried_again() {
    at.volume(_ -> {});
    at.stage.driver.fails(new Fault.Says(Code.FAILED_PRECONDITION, "in use"));
    var life = at.stage.life();
    life.live(ofMillis(500));
    assertThat(life.reasons()).containsExactly("VolumeFailedDelete");
    assertThat(life.events().getFirst().message())
        .isEqualTo("rpc error: code = FailedPrecondition desc = in use");
    assertThat(at.stage.cluster.has(Volume.KIND, DeletionStage.PV)).isTrue();

    life.live(ofSeconds(5));

    assertThat(at.stage.cluster.has(Volume.KIND, DeletionStage.PV)).isFalse();
    assertThat(life.metrics())
        .contains("controller_persistentvolume_delete_total{class=\"fast\"} 1.0")
        .contains("controller_persistentvolume_delete_failed_total{class=\"fast\"} 1.0");
  }

  /** D9, but the driver is asked once in a life; in the next one again. */
  @Test
  void given_the_object_cannot_be_deleted_then_that_is_tried_again_and_no_call_made() {
    at.volume(_ -> {});
    var life =
        at.stage.life(
            new Effects() {
              private boolean done;

              @Override
              public void before(String what) {
                if (what.startsWith("delete persistentvolumes") && !done) {
                  done = true;
                  throw new ApiFailure.Unreachable("away", null);
                }
              }

              @Override
              public void after(String what) {}
            });

    life.live(ofSeconds(5));

    assertThat(at.driver.deletes).hasSize(1);
    assertThat(at.stage.cluster.has(Volume.KIND, DeletionStage.PV)).isFalse();
  }

  /** D9. */
  @Test
  void given_a_volume_of_another_make_that_was_moved_to_us_then_it_is_an_error() {
    at.volume(
        volume -> {
          volume.withObject("/spec").remove("csi");
          volume
              .withObject("/metadata/annotations")
              .put(Names.PROVISIONED_BY, "kubernetes.io/old")
              .put(Names.MIGRATED_TO, Objects.DRIVER);
        });
    var life = at.stage.life();

    life.live(ofSeconds(1));

    assertThat(at.driver.deletes).isEmpty();
    assertThat(life.reasons()).contains("VolumeFailedDelete");
  }

  /** D10. */
  @Test
  void given_finalizers_of_others_then_they_stay_and_the_driver_is_asked_once() {
    at.volume(
        volume ->
            volume
                .withObject("/metadata")
                .putArray("finalizers")
                .add("a")
                .add(Names.VOLUME_FINALIZER)
                .add("b"));

    at.stage.life().live(ofMinutes(10));

    assertThat(
            at.stage
                .cluster
                .get(Volume.KIND, DeletionStage.PV)
                .at("/metadata/finalizers")
                .toString())
        .isEqualTo("[\"a\",\"b\"]");
    assertThat(at.driver.deletes).hasSize(1);
  }

  /** D10, B-13: others take their finalizers off at the same moment. */
  @Test
  void given_a_list_that_changes_under_our_hands_then_only_ours_goes_and_no_call_is_repeated() {
    at.volume(
        volume ->
            volume
                .withObject("/metadata")
                .putArray("finalizers")
                .add("a")
                .add("b")
                .add("c")
                .add(Names.VOLUME_FINALIZER)
                .add("d"));
    var life =
        at.stage.life(
            new Effects() {
              private int patches;

              @Override
              public void before(String what) {
                if (what.startsWith("patch persistentvolumes") && patches++ < 3) {
                  at.stage.cluster.change(
                      Volume.KIND,
                      DeletionStage.PV,
                      volume -> ((ArrayNode) volume.at("/metadata/finalizers")).remove(0));
                }
              }

              @Override
              public void after(String what) {}
            });

    life.live(ofMinutes(1));

    assertThat(
            at.stage
                .cluster
                .get(Volume.KIND, DeletionStage.PV)
                .at("/metadata/finalizers")
                .toString())
        .isEqualTo("[\"d\"]");
    assertThat(at.driver.deletes).hasSize(1);
    assertThat(life.events()).isEmpty();
  }
}
