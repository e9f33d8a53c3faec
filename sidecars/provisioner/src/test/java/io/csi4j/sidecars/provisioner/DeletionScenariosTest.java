package io.csi4j.sidecars.provisioner;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.simulator.Effects;
import io.csi4j.e2e.simulator.SimulatedCluster;
import io.csi4j.e2e.simulator.SimulatedDriver.Fault;
import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.StorageClass;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenarios D of provisioner 26: how volumes end. */
class DeletionScenariosTest {
  private static final ObjectKey PV = ObjectKey.cluster("pv-1");

  private final Stage stage = new Stage();
  private TunedDriver driver = new TunedDriver(stage.driver.life(Effects.QUIET));

  private DeletionScenariosTest() {
    stage.driverDoor(
        door -> {
          driver = new TunedDriver(door);
          return driver;
        });
  }

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
    volume(
        volume -> {
          volume.withObject("/spec").put("persistentVolumeReclaimPolicy", policy);
          volume.withObject("/status").put("phase", phase);
        });

    stage.life().live(ofMinutes(1));

    assertThat(driver.deletes).hasSize(deletes ? 1 : 0);
    assertThat(stage.cluster.has(Volume.KIND, PV)).isEqualTo(!deletes);
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
    volume(
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

    stage.life().live(ofSeconds(5));

    assertThat(driver.deletes).hasSize(deletes ? 1 : 0);
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
    volume(
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

    stage.life().live(ofSeconds(5));

    assertThat(
            stage
                .cluster
                .get(Volume.KIND, PV)
                .at("/metadata/finalizers")
                .toString()
                .contains(Names.VOLUME_FINALIZER))
        .isEqualTo(guardedThen);
  }

  /** D4. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void given_a_released_volume_in_deletion_then_our_guard_decides(boolean guarded) {
    volume(
        volume -> {
          volume.withObject("/metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
          var finalizers = volume.withObject("/metadata").putArray("finalizers").add("x/y");
          if (guarded) {
            finalizers.add(Names.VOLUME_FINALIZER);
          }
        });

    stage.life().live(ofSeconds(5));

    assertThat(driver.deletes).hasSize(guarded ? 1 : 0);
  }

  /** D5, D11, B-12. */
  @ParameterizedTest
  @CsvSource({"attached", "detached", "deleting"})
  void given_an_attachment_then_it_is_waited_for_and_its_end_wakes_the_volume(String how) {
    volume(_ -> {});
    attachment("a-1", "pv-1", how);
    var life = stage.life();
    life.live(ofMinutes(10));
    assertThat(driver.deletes).isEmpty();
    assertThat(life.reasons()).containsExactly("VolumeDelete");
    assertThat(life.events().getFirst().message())
        .isEqualTo("persistentvolume pv-1 is still attached to node node-a");

    stage.cluster.change(
        Attachment.KIND,
        ObjectKey.cluster("a-1"),
        object -> object.withObject("/metadata").remove("finalizers"));
    if (!how.equals("deleting")) {
      stage.cluster.delete(Attachment.KIND, ObjectKey.cluster("a-1"));
    }
    life.live(ofSeconds(1));

    assertThat(driver.deletes).hasSize(1);
  }

  /** D5. */
  @Test
  void given_another_volumes_attachment_then_it_is_none_of_our_business() {
    volume(_ -> {});
    attachment("a-1", "pv-2", "attached");

    stage.life().live(ofSeconds(5));

    assertThat(driver.deletes).hasSize(1);
  }

  /** D6. */
  @Test
  void given_a_driver_that_attaches_nothing_then_attachments_do_not_count() {
    stage.cannot(RPC.Type.PUBLISH_UNPUBLISH_VOLUME);
    volume(_ -> {});
    attachment("a-1", "pv-1", "attached");

    stage.life().live(ofSeconds(5));

    assertThat(driver.deletes).hasSize(1);
  }

  /** D7. */
  @ParameterizedTest
  @CsvSource({
    "'', '', true, ''",
    "key, vault, true, hunter2",
    "gone, vault, true, ''",
    "key, vault, false, hunter2"
  })
  void given_annotations_then_they_and_not_the_class_name_the_secret(
      String name, String namespace, boolean hasClass, String password) {
    stage.parameters(
        Map.of(
            "csi.storage.k8s.io/provisioner-secret-name", "of-class",
            "csi.storage.k8s.io/provisioner-secret-namespace", "vault"));
    stage.secret("vault", "of-class", Map.of("password", "wrong"));
    stage.secret("vault", "key", Map.of("password", "hunter2"));
    if (!hasClass) {
      stage.cluster.delete(StorageClass.KIND, ObjectKey.cluster(Stage.CLASS));
    }
    volume(
        volume ->
            volume
                .withObject("/metadata/annotations")
                .put(Names.DELETION_SECRET_NAME, name)
                .put(Names.DELETION_SECRET_NAMESPACE, namespace));

    stage.life().live(ofSeconds(5));

    assertThat(driver.deletes.getFirst().getSecretsOrDefault("password", "")).isEqualTo(password);
  }

  /** D8. */
  @ParameterizedTest
  @CsvSource({
    "${pvc.name}, true, true, hunter2",
    "${pvc.annotations['x']}, true, true, error",
    "${pvc.name}, false, true, ''",
    "${pvc.name}, true, false, ''"
  })
  void given_an_old_volume_then_the_class_names_the_secret(
      String template, boolean hasClaim, boolean hasClass, String password) {
    stage.secret("vault", "data", Map.of("password", "hunter2"));
    stage.parameters(
        Map.of(
            "csi.storage.k8s.io/provisioner-secret-name",
            template,
            "csi.storage.k8s.io/provisioner-secret-namespace",
            "vault"));
    if (!hasClass) {
      stage.cluster.delete(StorageClass.KIND, ObjectKey.cluster(Stage.CLASS));
    }
    volume(
        volume -> {
          if (!hasClaim) {
            volume.withObject("/spec").remove("claimRef");
          }
        });
    var life = stage.life();

    life.live(ofSeconds(5));

    if (password.equals("error")) {
      assertThat(driver.deletes).isEmpty();
      assertThat(life.reasons()).contains("VolumeFailedDelete");
    } else {
      assertThat(driver.deletes.getFirst().getSecretsOrDefault("password", "")).isEqualTo(password);
    }
  }

  /** D9. */
  @Test
  void given_the_driver_will_not_then_it_is_told_and_tried_again() {
    volume(_ -> {});
    stage.driver.fails(new Fault.Says(Code.FAILED_PRECONDITION, "in use"));
    var life = stage.life();
    life.live(ofMillis(500));
    assertThat(life.reasons()).containsExactly("VolumeFailedDelete");
    assertThat(life.events().getFirst().message())
        .isEqualTo("rpc error: code = FailedPrecondition desc = in use");
    assertThat(stage.cluster.has(Volume.KIND, PV)).isTrue();

    life.live(ofSeconds(5));

    assertThat(stage.cluster.has(Volume.KIND, PV)).isFalse();
    assertThat(life.metrics())
        .contains("controller_persistentvolume_delete_total{class=\"fast\"} 1.0")
        .contains("controller_persistentvolume_delete_failed_total{class=\"fast\"} 1.0");
  }

  /** D9, but the driver is asked once in a life; in the next one again. */
  @Test
  void given_the_object_cannot_be_deleted_then_that_is_tried_again_and_no_call_made() {
    volume(_ -> {});
    var life =
        stage.life(
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

    assertThat(driver.deletes).hasSize(1);
    assertThat(stage.cluster.has(Volume.KIND, PV)).isFalse();
  }

  /** D9. */
  @Test
  void given_a_volume_of_another_make_that_was_moved_to_us_then_it_is_an_error() {
    volume(
        volume -> {
          volume.withObject("/spec").remove("csi");
          volume
              .withObject("/metadata/annotations")
              .put(Names.PROVISIONED_BY, "kubernetes.io/old")
              .put(Names.MIGRATED_TO, Objects.DRIVER);
        });
    var life = stage.life();

    life.live(ofSeconds(1));

    assertThat(driver.deletes).isEmpty();
    assertThat(life.reasons()).contains("VolumeFailedDelete");
  }

  /** D10. */
  @Test
  void given_finalizers_of_others_then_they_stay_and_the_driver_is_asked_once() {
    volume(
        volume ->
            volume
                .withObject("/metadata")
                .putArray("finalizers")
                .add("a")
                .add(Names.VOLUME_FINALIZER)
                .add("b"));

    stage.life().live(ofMinutes(10));

    assertThat(stage.cluster.get(Volume.KIND, PV).at("/metadata/finalizers").toString())
        .isEqualTo("[\"a\",\"b\"]");
    assertThat(driver.deletes).hasSize(1);
  }

  /** D10, B-13: others take their finalizers off at the same moment. */
  @Test
  void given_a_list_that_changes_under_our_hands_then_only_ours_goes_and_no_call_is_repeated() {
    volume(
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
        stage.life(
            new Effects() {
              private int patches;

              @Override
              public void before(String what) {
                if (what.startsWith("patch persistentvolumes") && patches++ < 3) {
                  stage.cluster.change(
                      Volume.KIND,
                      PV,
                      volume ->
                          ((com.fasterxml.jackson.databind.node.ArrayNode)
                                  volume.at("/metadata/finalizers"))
                              .remove(0));
                }
              }

              @Override
              public void after(String what) {}
            });

    life.live(ofMinutes(1));

    assertThat(stage.cluster.get(Volume.KIND, PV).at("/metadata/finalizers").toString())
        .isEqualTo("[\"d\"]");
    assertThat(driver.deletes).hasSize(1);
    assertThat(life.events()).isEmpty();
  }

  private void volume(Consumer<ObjectNode> change) {
    var volume = SimulatedCluster.object("", PV.name());
    volume.withObject("/metadata").putArray("finalizers").add(Names.VOLUME_FINALIZER);
    volume.withObject("/metadata/annotations").put(Names.PROVISIONED_BY, Objects.DRIVER);
    volume
        .withObject("/spec")
        .put("persistentVolumeReclaimPolicy", "Delete")
        .put("storageClassName", Stage.CLASS);
    volume.withObject("/spec/csi").put("driver", Objects.DRIVER).put("volumeHandle", "vol-1");
    volume
        .withObject("/spec/claimRef")
        .put("namespace", "ns")
        .put("name", "data")
        .put("uid", "uid-of-data");
    volume.withObject("/status").put("phase", "Released");
    change.accept(volume);
    stage.cluster.put(Volume.KIND, volume);
  }

  private void attachment(String name, String volume, String how) {
    var attachment = SimulatedCluster.object("", name);
    attachment
        .withObject("/spec")
        .put("attacher", "any")
        .put("nodeName", "node-a")
        .putObject("source")
        .put("persistentVolumeName", volume);
    attachment.withObject("/status").put("attached", !how.equals("detached"));
    if (how.equals("deleting")) {
      attachment.withObject("/metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
      attachment.withObject("/metadata").putArray("finalizers").add("x/y");
    }
    stage.cluster.put(Attachment.KIND, attachment);
  }
}
