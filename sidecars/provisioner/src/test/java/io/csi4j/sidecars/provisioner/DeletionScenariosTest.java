package io.csi4j.sidecars.provisioner;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenarios D of provisioner 26: which volumes end, and when. */
class DeletionScenariosTest {
  private final DeletionStage at = new DeletionStage();

  /** D1. */
  @ParameterizedTest
  @CsvSource({
    "Released, Delete, true",
    "Bound, Delete, false",
    "Available, Delete, false",
    "Failed, Delete, false",
    "Released, Retain, false"
  })
  void given_a_phase_and_a_policy_then_only_one_pair_deletes(
      String phase, String policy, boolean deletes) {
    at.volume(
        volume -> {
          volume.withObject("/spec").put("persistentVolumeReclaimPolicy", policy);
          volume.withObject("/status").put("phase", phase);
        });

    at.stage.life().live(ofMinutes(1));

    assertThat(at.driver.deletes).hasSize(deletes ? 1 : 0);
    assertThat(at.stage.cluster.has(Volume.KIND, DeletionStage.PV)).isEqualTo(!deletes);
  }

  /** D2. */
  @ParameterizedTest
  @CsvSource({
    "other, disk.example.com, '', false",
    "'', disk.example.com, '', true",
    "'', other, '', false",
    "other, disk.example.com, disk.example.com, true"
  })
  void given_who_made_it_then_it_is_ours_or_not(
      String by, String csiDriver, String migratedTo, boolean deletes) {
    at.volume(
        volume -> {
          var annotations = volume.withObject("/metadata/annotations");
          annotations.remove(Names.PROVISIONED_BY);
          if (!by.isEmpty()) {
            annotations.put(Names.PROVISIONED_BY, by);
          }
          if (!migratedTo.isEmpty()) {
            annotations.put(Names.MIGRATED_TO, migratedTo);
          }
          volume.withObject("/spec/csi").put("driver", csiDriver);
        });

    at.stage.life().live(ofSeconds(5));

    assertThat(at.driver.deletes).hasSize(deletes ? 1 : 0);
  }

  /** D3. */
  @ParameterizedTest
  @CsvSource({
    "Delete, false, false, true",
    "Retain, true, false, false",
    "Delete, false, true, false"
  })
  void given_a_bound_volume_then_its_guard_follows_the_policy(
      String policy, boolean guarded, boolean deleting, boolean guardedThen) {
    at.volume(
        volume -> {
          volume.withObject("/spec").put("persistentVolumeReclaimPolicy", policy);
          volume.withObject("/status").put("phase", "Bound");
          var finalizers = volume.withObject("/metadata").putArray("finalizers").add("x/y");
          if (guarded) {
            finalizers.add(Names.VOLUME_FINALIZER);
          }
          if (deleting) {
            volume.withObject("/metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
          }
        });

    at.stage.life().live(ofSeconds(5));

    assertThat(
            at.stage
                .cluster
                .get(Volume.KIND, DeletionStage.PV)
                .at("/metadata/finalizers")
                .toString()
                .contains(Names.VOLUME_FINALIZER))
        .isEqualTo(guardedThen);
  }

  /** D4. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void given_a_released_volume_in_deletion_then_our_guard_decides(boolean guarded) {
    at.volume(
        volume -> {
          volume.withObject("/metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
          var finalizers = volume.withObject("/metadata").putArray("finalizers").add("x/y");
          if (guarded) {
            finalizers.add(Names.VOLUME_FINALIZER);
          }
        });

    at.stage.life().live(ofSeconds(5));

    assertThat(at.driver.deletes).hasSize(guarded ? 1 : 0);
  }

  /** D5, D11, B-12. */
  @ParameterizedTest
  @CsvSource({"attached", "detached", "deleting"})
  void given_an_attachment_then_it_is_waited_for_and_its_end_wakes_the_volume(String how) {
    at.volume(_ -> {});
    at.attachment("a-1", "pv-1", how);
    var life = at.stage.life();
    life.live(ofMinutes(10));
    assertThat(at.driver.deletes).isEmpty();
    assertThat(life.reasons()).containsExactly("VolumeDelete");
    assertThat(life.events().getFirst().message())
        .isEqualTo("persistentvolume pv-1 is still attached to node node-a");

    at.stage.cluster.change(
        Attachment.KIND,
        ObjectKey.cluster("a-1"),
        object -> object.withObject("/metadata").remove("finalizers"));
    if (!how.equals("deleting")) {
      at.stage.cluster.delete(Attachment.KIND, ObjectKey.cluster("a-1"));
    }
    life.live(ofSeconds(1));

    assertThat(at.driver.deletes).hasSize(1);
  }

  /** D5. */
  @Test
  void given_another_volumes_attachment_then_it_is_none_of_our_business() {
    at.volume(_ -> {});
    at.attachment("a-1", "pv-2", "attached");

    at.stage.life().live(ofSeconds(5));

    assertThat(at.driver.deletes).hasSize(1);
  }

  /** D6. */
  @Test
  void given_a_driver_that_attaches_nothing_then_attachments_do_not_count() {
    at.stage.cannot(RPC.Type.PUBLISH_UNPUBLISH_VOLUME);
    at.volume(_ -> {});
    at.attachment("a-1", "pv-1", "attached");

    at.stage.life().live(ofSeconds(5));

    assertThat(at.driver.deletes).hasSize(1);
  }
}
