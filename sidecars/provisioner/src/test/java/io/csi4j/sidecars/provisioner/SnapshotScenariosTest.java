package io.csi4j.sidecars.provisioner;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.e2e.simulator.Effects;
import io.csi4j.e2e.simulator.SimulatedCluster;
import io.csi4j.e2e.simulator.SimulatedDriver.Fault;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenarios C of provisioner 26: volumes that are restored from snapshots. */
class SnapshotScenariosTest {
  private final SourceStage at = new SourceStage();

  /** C1. */
  @Test
  void given_a_ready_snapshot_then_it_is_sent_and_guarded_while_the_driver_reads() {
    at.snapshot(_ -> {}, _ -> {});
    at.restore("data", "1Gi");

    at.stage.life().live(ofSeconds(5));

    assertThat(at.driver.creates.getFirst().getVolumeContentSource().getSnapshot().getSnapshotId())
        .isEqualTo("handle-1");
    assertThat(at.guardedDuring).containsExactly(true);
    assertThat(at.isGuarded()).isFalse();
    assertThat(at.stage.hasVolume("data")).isTrue();
  }

  /** C1, B-9: the last of several that read lets go. */
  @Test
  void given_two_restores_of_one_snapshot_then_the_first_does_not_let_go_for_both() {
    at.snapshot(_ -> {}, _ -> {});
    at.restore("a", "1Gi");
    at.restore("b", "1Gi");
    at.stage.driver.fails(new Fault.Says(Code.ABORTED, "busy"));
    var life = at.stage.life();

    life.live(ofSeconds(0).plusMillis(500));
    assertThat(at.stage.cluster.all(Volume.KIND)).hasSize(1);
    assertThat(at.isGuarded()).isTrue();
    life.live(ofSeconds(5));

    assertThat(at.stage.cluster.all(Volume.KIND)).hasSize(2);
    assertThat(at.isGuarded()).isFalse();
  }

  /** C2. */
  @ParameterizedTest
  @CsvSource({"1Gi, 2Gi, false", "2Gi, 2Gi, true", "3Gi, 2Gi, true", "1Gi, '', true"})
  void given_a_restore_size_then_the_claim_must_be_as_large(
      String wanted, String restoreSize, boolean works) {
    at.snapshot(
        object -> {
          if (!restoreSize.isEmpty()) {
            object.withObject("/status").put("restoreSize", restoreSize);
          }
        },
        _ -> {});
    at.restore("data", wanted);

    at.plays(works, "less than the size");
  }

  /** B-27: drivers round up, and the larger volume still serves the claim. */
  @Test
  void given_restores_are_rounded_up_then_a_smaller_claim_gets_the_snapshots_size() {
    at.stage.flags("--round-up-restores");
    at.snapshot(object -> object.withObject("/status").put("restoreSize", "2Gi"), _ -> {});
    at.restore("data", "1Gi");

    at.stage.life().live(ofSeconds(3));

    assertThat(at.stage.driver.creates().getFirst().getCapacityRange().getRequiredBytes())
        .isEqualTo(2L << 30);
    assertThat(at.stage.volume("data").at("/spec/capacity/storage").asText()).isEqualTo("2Gi");
  }

  /** C3. */
  @ParameterizedTest
  @ValueSource(strings = {"status", "content", "ready", "handle", "object"})
  void given_a_snapshot_that_is_not_ready_then_it_is_waited_for(String missing) {
    at.snapshot(
        object -> {
          switch (missing) {
            case "status" -> object.remove("status");
            case "content" -> object.withObject("/status").remove("boundVolumeSnapshotContentName");
            case "ready" -> object.withObject("/status").put("readyToUse", false);
            default -> {}
          }
        },
        content -> {
          if (missing.equals("handle")) {
            content.remove("status");
          }
        });
    if (missing.equals("object")) {
      at.stage.cluster.delete(Snapshot.KIND, SourceStage.SNAPSHOT);
    }
    at.restore("data", "1Gi");

    at.plays(false, "error getting handle for DataSource Type VolumeSnapshot by Name photo");
  }

  /** C4. */
  @ParameterizedTest
  @CsvSource({
    "/spec/volumeSnapshotRef, uid, belongs to another",
    "/spec/volumeSnapshotRef, namespace, belongs to another",
    "/spec/volumeSnapshotRef, name, belongs to another",
    "/spec, driver, is of driver other"
  })
  void given_a_content_of_another_then_it_is_not_used(String pointer, String field, String reason) {
    at.snapshot(_ -> {}, content -> content.withObject(pointer).put(field, "other"));
    at.restore("data", "1Gi");

    at.plays(false, reason);
  }

  /** C5. */
  @ParameterizedTest
  @CsvSource({
    "'', true, false",
    "maybe, true, false",
    "false, true, false",
    "true, true, true",
    "'', false, true"
  })
  void given_another_mode_then_an_administrator_must_have_allowed_it(
      String annotation, boolean guards, boolean works) {
    at.snapshot(
        _ -> {},
        content -> {
          content.withObject("/spec").put("sourceVolumeMode", "Block");
          if (!annotation.isEmpty()) {
            content.withObject("/metadata/annotations").put(Names.ALLOW_MODE_CHANGE, annotation);
          }
        });
    at.restore("data", "1Gi");
    at.stage.flags("--prevent-volume-mode-conversion=" + guards);

    at.plays(works, "modifies the mode");
  }

  /** C6. */
  @ParameterizedTest
  @CsvSource({
    "none, false",
    "snapshot.storage.kubernetes.io/volumesnapshot-as-source-protection, false",
    "provisioner.storage.kubernetes.io/volumesnapshot-as-source-protection, true"
  })
  void given_a_snapshot_in_deletion_then_only_what_has_begun_goes_on(
      String finalizer, boolean works) {
    at.snapshot(
        object -> {
          object.withObject("/metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
          object.withObject("/metadata").putArray("finalizers").add(finalizer);
        },
        _ -> {});
    at.restore("data", "1Gi");

    at.plays(works, "currently being deleted");
  }

  /** C8. */
  @Test
  void given_an_answer_without_the_source_then_the_volume_is_deleted_and_the_call_repeated() {
    at.snapshot(_ -> {}, _ -> {});
    at.restore("data", "1Gi");
    var life = at.stage.life();
    at.driver.made = volume -> volume;

    life.live(ofSeconds(2));

    assertThat(at.driver.deletes).isNotEmpty();
    assertThat(at.stage.hasVolume("data")).isFalse();
    assertThat(at.stage.driver.volumeNames()).isEmpty();
    assertThat(life.reasons()).contains("ProvisioningFailed");
  }

  /** C8, B-6: it has said so before. */
  @Test
  void given_an_answer_that_does_not_repeat_the_source_then_the_volume_is_kept() {
    at.snapshot(_ -> {}, _ -> {});
    at.restore("data", "1Gi");
    var life =
        at.stage.life(
            new Effects() {
              private int stores;

              @Override
              public void before(String effect) {
                if (effect.startsWith("create persistentvolumes") && stores++ == 0) {
                  // The answer is lost: CreateVolume is asked again, as AlreadyExists makes it.
                  var foreign = SimulatedCluster.object("", "pvc-uid-of-data");
                  at.stage.cluster.put(Volume.KIND, foreign);
                  at.driver.made = volume -> volume;
                }
              }

              @Override
              public void after(String effect) {}
            });
    life.live(ofSeconds(0).plusMillis(500));
    at.stage.cluster.delete(Volume.KIND, Stage.volumeOf("data"));

    life.live(ofSeconds(5));

    assertThat(at.driver.creates).hasSizeGreaterThan(1);
    assertThat(at.driver.deletes).isEmpty();
    assertThat(at.stage.hasVolume("data")).isTrue();
  }

  /** C12. */
  @Test
  void given_no_right_to_guard_the_snapshot_then_it_is_restored_all_the_same() {
    at.snapshot(_ -> {}, _ -> {});
    at.restore("data", "1Gi");

    at.stage
        .life(fails("update volumesnapshots", new ApiFailure.Forbidden("no")))
        .live(ofSeconds(5));

    assertThat(at.stage.hasVolume("data")).isTrue();
  }

  /** C12. */
  @Test
  void given_a_conflict_while_guarding_the_snapshot_then_it_is_tried_again() {
    at.snapshot(_ -> {}, _ -> {});
    at.restore("data", "1Gi");
    var life = at.stage.life(fails("update volumesnapshots", new ApiFailure.Conflict("busy")));

    life.live(ofSeconds(10));

    assertThat(life.reasons()).contains("ProvisioningFailed", "ProvisioningSucceeded");
    assertThat(at.guardedDuring).containsExactly(true);
  }

  /** The first effect of this name fails; forbidden is forbidden for ever. */
  private static Effects fails(String effect, ApiFailure failure) {
    return new Effects() {
      private boolean done;

      @Override
      public void before(String what) {
        if (what.startsWith(effect) && (!done || failure instanceof ApiFailure.Forbidden)) {
          done = true;
          throw failure;
        }
      }

      @Override
      public void after(String what) {}
    };
  }
}
