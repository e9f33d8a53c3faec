package io.csi4j.sidecars.provisioner;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.simulator.Effects;
import io.csi4j.e2e.simulator.SimulatedCluster;
import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenarios C of provisioner 26: what volumes are filled from. */
class SourceScenariosTest {
  private static final ObjectKey SNAPSHOT = new ObjectKey("ns", "photo");
  private static final ObjectKey CONTENT = ObjectKey.cluster("content");

  private final Stage stage =
      new Stage().can(RPC.Type.CREATE_DELETE_SNAPSHOT, RPC.Type.CLONE_VOLUME);
  private final List<Boolean> guardedDuring = new ArrayList<>();
  private TunedDriver driver;

  private SourceScenariosTest() {
    stage.driverDoor(
        door -> {
          driver = new TunedDriver(door);
          driver.made =
              volume ->
                  volume.toBuilder()
                      .setContentSource(driver.creates.getLast().getVolumeContentSource())
                      .build();
          driver.during = () -> guardedDuring.add(isGuarded());
          return driver;
        });
    driver = new TunedDriver(stage.driver.life(Effects.QUIET));
  }

  /** C1. */
  @Test
  void given_a_ready_snapshot_then_it_is_sent_and_guarded_while_the_driver_reads() {
    snapshot(_ -> {}, _ -> {});
    restore("data", "1Gi");

    stage.life().live(ofSeconds(5));

    assertThat(driver.creates.getFirst().getVolumeContentSource().getSnapshot().getSnapshotId())
        .isEqualTo("handle-1");
    assertThat(guardedDuring).containsExactly(true);
    assertThat(isGuarded()).isFalse();
    assertThat(stage.hasVolume("data")).isTrue();
  }

  /** C1, B-9: the last of several that read lets go. */
  @Test
  void given_two_restores_of_one_snapshot_then_the_first_does_not_let_go_for_both() {
    snapshot(_ -> {}, _ -> {});
    restore("a", "1Gi");
    restore("b", "1Gi");
    stage.driver.fails(
        new io.csi4j.e2e.simulator.SimulatedDriver.Fault.Says(
            io.csi4j.sidecars.kit.doors.Code.ABORTED, "busy"));
    var life = stage.life();

    life.live(ofSeconds(0).plusMillis(500));
    assertThat(stage.cluster.all(Volume.KIND)).hasSize(1);
    assertThat(isGuarded()).isTrue();
    life.live(ofSeconds(5));

    assertThat(stage.cluster.all(Volume.KIND)).hasSize(2);
    assertThat(isGuarded()).isFalse();
  }

  /** C2. */
  @ParameterizedTest
  @CsvSource({"1Gi, 2Gi, false", "2Gi, 2Gi, true", "3Gi, 2Gi, true", "1Gi, '', true"})
  void given_a_restore_size_then_the_claim_must_be_as_large(
      String wanted, String restoreSize, boolean works) {
    snapshot(
        object -> {
          if (!restoreSize.isEmpty()) {
            object.withObject("/status").put("restoreSize", restoreSize);
          }
        },
        _ -> {});
    restore("data", wanted);

    plays(works, "less than the size");
  }

  /** B-27: drivers round up, and the larger volume still serves the claim. */
  @Test
  void given_restores_are_rounded_up_then_a_smaller_claim_gets_the_snapshots_size() {
    stage.flags("--round-up-restores");
    snapshot(object -> object.withObject("/status").put("restoreSize", "2Gi"), _ -> {});
    restore("data", "1Gi");

    stage.life().live(ofSeconds(3));

    assertThat(stage.driver.creates().getFirst().getCapacityRange().getRequiredBytes())
        .isEqualTo(2L << 30);
    assertThat(stage.volume("data").at("/spec/capacity/storage").asText()).isEqualTo("2Gi");
  }

  /** C3. */
  @ParameterizedTest
  @ValueSource(strings = {"status", "content", "ready", "handle", "object"})
  void given_a_snapshot_that_is_not_ready_then_it_is_waited_for(String missing) {
    snapshot(
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
      stage.cluster.delete(Snapshot.KIND, SNAPSHOT);
    }
    restore("data", "1Gi");

    plays(false, "error getting handle for DataSource Type VolumeSnapshot by Name photo");
  }

  /** C4. */
  @ParameterizedTest
  @CsvSource({
    "/spec/volumeSnapshotRef, uid, belongs to another",
    "/spec/volumeSnapshotRef, namespace, belongs to another",
    "/spec/volumeSnapshotRef, name, belongs to another",
    "/spec, driver, is of driver other"
  })
  void given_a_content_of_another_then_it_is_not_used(String at, String field, String reason) {
    snapshot(_ -> {}, content -> content.withObject(at).put(field, "other"));
    restore("data", "1Gi");

    plays(false, reason);
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
    snapshot(
        _ -> {},
        content -> {
          content.withObject("/spec").put("sourceVolumeMode", "Block");
          if (!annotation.isEmpty()) {
            content.withObject("/metadata/annotations").put(Names.ALLOW_MODE_CHANGE, annotation);
          }
        });
    restore("data", "1Gi");
    stage.flags("--prevent-volume-mode-conversion=" + guards);

    plays(works, "modifies the mode");
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
    snapshot(
        object -> {
          object.withObject("/metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
          object.withObject("/metadata").putArray("finalizers").add(finalizer);
        },
        _ -> {});
    restore("data", "1Gi");

    plays(works, "currently being deleted");
  }

  /** C7. */
  @Test
  void given_a_source_of_another_kind_then_it_is_left_to_a_populator() {
    claimFrom("data", "example.com", "Foo", "x");
    var life = stage.life();

    life.live(ofMinutes(20));

    assertThat(driver.creates).isEmpty();
    assertThat(life.reasons()).containsExactly("Provisioning");
    assertThat(life.events().getFirst().message()).contains("external populator");
  }

  /** C7. */
  @ParameterizedTest
  @CsvSource({"example.com, x, does not belong", "snapshot.storage.k8s.io, '', not found"})
  void given_a_snapshot_of_a_foreign_group_or_without_a_name_then_it_is_an_error(
      String group, String name, String reason) {
    claimFrom("data", group, "VolumeSnapshot", name);

    plays(false, reason);
  }

  /** C8. */
  @Test
  void given_an_answer_without_the_source_then_the_volume_is_deleted_and_the_call_repeated() {
    snapshot(_ -> {}, _ -> {});
    restore("data", "1Gi");
    var life = stage.life();
    driver.made = volume -> volume;

    life.live(ofSeconds(2));

    assertThat(driver.deletes).isNotEmpty();
    assertThat(stage.hasVolume("data")).isFalse();
    assertThat(stage.driver.volumeNames()).isEmpty();
    assertThat(life.reasons()).contains("ProvisioningFailed");
  }

  /** C8, B-6: it has said so before. */
  @Test
  void given_an_answer_that_does_not_repeat_the_source_then_the_volume_is_kept() {
    snapshot(_ -> {}, _ -> {});
    restore("data", "1Gi");
    var life =
        stage.life(
            new Effects() {
              private int stores;

              @Override
              public void before(String effect) {
                if (effect.startsWith("create persistentvolumes") && stores++ == 0) {
                  // The answer is lost: CreateVolume is asked again, as AlreadyExists makes it.
                  var foreign = SimulatedCluster.object("", "pvc-uid-of-data");
                  stage.cluster.put(Volume.KIND, foreign);
                  driver.made = volume -> volume;
                }
              }

              @Override
              public void after(String effect) {}
            });
    life.live(ofSeconds(0).plusMillis(500));
    stage.cluster.delete(Volume.KIND, Stage.volumeOf("data"));

    life.live(ofSeconds(5));

    assertThat(driver.creates).hasSizeGreaterThan(1);
    assertThat(driver.deletes).isEmpty();
    assertThat(stage.hasVolume("data")).isTrue();
  }

  /** C9. */
  @ParameterizedTest
  @CsvSource({"fast, 1Gi", "other, 1Gi", "fast, 2Gi"})
  void given_a_bound_claim_then_it_is_cloned_and_kept_from_deletion(String className, String size) {
    stage.storageClass("other", _ -> {});
    source(_ -> {}, _ -> {});
    clone(
        "data",
        object -> {
          object.withObject("/spec").put("storageClassName", className);
          object.withObject("/spec/resources/requests").put("storage", size);
        });

    stage.life().live(ofSeconds(5));

    assertThat(driver.creates.getFirst().getVolumeContentSource().getVolume().getVolumeId())
        .isEqualTo("vol-source");
    assertThat(stage.cluster.get(Claim.KIND, SOURCE).at("/metadata/finalizers").toString())
        .contains(Names.CLONE_FINALIZER);
    assertThat(stage.hasVolume("data")).isTrue();
  }

  private static final ObjectKey SOURCE = new ObjectKey("ns", "source");

  /** C10. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "claim missing",
        "claim Pending",
        "claim Lost",
        "claim deleting",
        "claim classless",
        "clone classless",
        "clone smaller",
        "volume missing",
        "volume foreign",
        "volume without claim",
        "claimRef uid",
        "claimRef namespace",
        "claimRef name",
        "volume Released",
        "volume Failed",
        "volume Pending",
        "volume Available"
      })
  void given_a_source_that_cannot_be_cloned_then_it_is_said_and_nothing_is_touched(String how) {
    source(claim -> unfit(claim, how), volume -> unfitVolume(volume, how));
    if (how.equals("claim missing")) {
      stage.cluster.delete(Claim.KIND, SOURCE);
    }
    if (how.equals("volume missing")) {
      stage.cluster.delete(Volume.KIND, ObjectKey.cluster("pv-source"));
    }
    clone(
        "data",
        object -> {
          if (how.equals("clone classless")) {
            object.withObject("/spec").remove("storageClassName");
            object.withObject("/metadata/annotations").put(Names.CLASS_BETA, Stage.CLASS);
          }
          if (how.equals("clone smaller")) {
            object.withObject("/spec/resources/requests").put("storage", "1Mi");
          }
        });

    plays(false, "error getting handle for DataSource Type PersistentVolumeClaim by Name source");

    if (stage.cluster.has(Claim.KIND, SOURCE)) {
      assertThat(stage.cluster.get(Claim.KIND, SOURCE).at("/metadata/finalizers").toString())
          .doesNotContain(Names.CLONE_FINALIZER);
    }
  }

  private static void unfit(ObjectNode claim, String how) {
    switch (how) {
      case "claim Pending" -> claim.withObject("/status").put("phase", "Pending");
      case "claim Lost" -> claim.withObject("/status").put("phase", "Lost");
      case "claim deleting" -> {
        claim.withObject("/metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
        claim.withObject("/metadata").putArray("finalizers").add("x/y");
      }
      case "claim classless" -> claim.withObject("/spec").remove("storageClassName");
      default -> {}
    }
  }

  private static void unfitVolume(ObjectNode volume, String how) {
    switch (how) {
      case "volume foreign" -> volume.withObject("/spec/csi").put("driver", "other");
      case "volume without claim" -> volume.withObject("/spec").remove("claimRef");
      case "claimRef uid", "claimRef namespace", "claimRef name" ->
          volume.withObject("/spec/claimRef").put(how.substring("claimRef ".length()), "other");
      case "volume Released", "volume Failed", "volume Pending", "volume Available" ->
          volume.withObject("/status").put("phase", how.substring("volume ".length()));
      default -> {}
    }
  }

  /** C11. */
  @ParameterizedTest
  @CsvSource({
    "'', '', true",
    "Filesystem, '', true",
    "'', Filesystem, true",
    "Block, Block, true",
    "Filesystem, Block, false",
    "Block, Filesystem, false",
    "Block, '', false"
  })
  void given_modes_of_clone_and_source_then_they_must_agree(
      String claimMode, String volumeMode, boolean works) {
    source(
        _ -> {},
        volume -> {
          if (!volumeMode.isEmpty()) {
            volume.withObject("/spec").put("volumeMode", volumeMode);
          }
        });
    clone(
        "data",
        claim -> {
          if (!claimMode.isEmpty()) {
            claim.withObject("/spec").put("volumeMode", claimMode);
          }
        });

    plays(works, "different volume modes");
  }

  /** C12. */
  @Test
  void given_no_right_to_guard_the_snapshot_then_it_is_restored_all_the_same() {
    snapshot(_ -> {}, _ -> {});
    restore("data", "1Gi");

    stage.life(fails("update volumesnapshots", new ApiFailure.Forbidden("no"))).live(ofSeconds(5));

    assertThat(stage.hasVolume("data")).isTrue();
  }

  /** C12. */
  @Test
  void given_a_conflict_while_guarding_the_snapshot_then_it_is_tried_again() {
    snapshot(_ -> {}, _ -> {});
    restore("data", "1Gi");
    var life = stage.life(fails("update volumesnapshots", new ApiFailure.Conflict("busy")));

    life.live(ofSeconds(10));

    assertThat(life.reasons()).contains("ProvisioningFailed", "ProvisioningSucceeded");
    assertThat(guardedDuring).containsExactly(true);
  }

  /** C12. */
  @ParameterizedTest
  @CsvSource({"CLONE_VOLUME, clone operations", "CREATE_DELETE_SNAPSHOT, snapshot restore"})
  void given_a_driver_that_cannot_then_it_is_said(RPC.Type missing, String reason) {
    stage.cannot(missing);
    if (missing == RPC.Type.CLONE_VOLUME) {
      source(_ -> {}, _ -> {});
      clone("data", _ -> {});
    } else {
      snapshot(_ -> {}, _ -> {});
      restore("data", "1Gi");
    }

    plays(false, reason);
  }

  /** C13. */
  @ParameterizedTest
  @CsvSource({
    "off, none, false",
    "on, none, false",
    "on, nameless, true",
    "on, empty, true",
    "on, right, true"
  })
  void given_a_source_elsewhere_then_its_owner_must_have_allowed_it(
      String gate, String grant, boolean works) {
    snapshot(_ -> {}, _ -> {});
    if (!grant.equals("none")) {
      grant(
          "ns",
          object -> {
            var to = (ObjectNode) object.at("/spec/to/0");
            switch (grant) {
              case "empty" -> to.put("name", "");
              case "right" -> to.put("name", "photo");
              default -> {}
            }
          });
    }
    elsewhere("data");
    if (gate.equals("on")) {
      stage.flags("--feature-gates=CrossNamespaceVolumeDataSource=true");
    }

    plays(works, gate.equals("off") ? "feature is disabled" : "isn't allowed");
  }

  /** C14. */
  @ParameterizedTest
  @CsvSource({
    "own namespace",
    "from group",
    "from kind",
    "from namespace",
    "to group",
    "to kind",
    "to name",
    "empty lists"
  })
  void given_a_grant_that_is_for_others_then_it_does_not_count(String wrong) {
    snapshot(_ -> {}, _ -> {});
    grant(
        wrong.equals("own namespace") ? "shop" : "ns",
        object -> {
          var spec = object.withObject("/spec");
          switch (wrong) {
            case "own namespace" -> {}
            case "empty lists" -> {
              spec.putArray("from");
              spec.putArray("to");
            }
            default -> {
              var words = wrong.split(" ", -1);
              ((ObjectNode) spec.at("/" + words[0] + "/0")).put(words[1], "other");
            }
          }
        });
    elsewhere("data");
    stage.flags("--feature-gates=CrossNamespaceVolumeDataSource=true");

    plays(false, "isn't allowed");
  }

  /** C15. */
  @ParameterizedTest
  @ValueSource(strings = {"absent", "", "ns"})
  void given_a_reference_to_the_own_namespace_then_no_grant_is_needed(String namespace) {
    snapshot(_ -> {}, _ -> {});
    stage.claim(
        "data",
        claim -> {
          var reference = claim.withObject("/spec/dataSourceRef");
          reference
              .put("apiGroup", Names.SNAPSHOT_GROUP)
              .put("kind", "VolumeSnapshot")
              .put("name", "photo");
          if (!namespace.equals("absent")) {
            reference.put("namespace", namespace);
          }
        });
    stage.flags("--feature-gates=CrossNamespaceVolumeDataSource=true");

    plays(true, "");
  }

  private void plays(boolean works, String reason) {
    var life = stage.life();
    life.live(ofSeconds(5));
    if (works) {
      assertThat(driver.creates).hasSize(1);
      assertThat(life.reasons()).contains("ProvisioningSucceeded");
    } else {
      assertThat(driver.creates).isEmpty();
      assertThat(life.events().getLast().reason()).isEqualTo("ProvisioningFailed");
      assertThat(life.events().getLast().message()).contains(reason);
    }
  }

  private boolean isGuarded() {
    return stage.cluster.has(Snapshot.KIND, SNAPSHOT)
        && stage
            .cluster
            .get(Snapshot.KIND, SNAPSHOT)
            .at("/metadata/finalizers")
            .toString()
            .contains(Names.SNAPSHOT_FINALIZER);
  }

  private void snapshot(Consumer<ObjectNode> change, Consumer<ObjectNode> changeContent) {
    var snapshot = SimulatedCluster.object("ns", "photo");
    snapshot.withObject("/metadata").put("uid", "uid-of-photo");
    snapshot
        .withObject("/status")
        .put("boundVolumeSnapshotContentName", "content")
        .put("readyToUse", true);
    change.accept(snapshot);
    stage.cluster.put(Snapshot.KIND, snapshot);
    var content = SimulatedCluster.object("", CONTENT.name());
    content.withObject("/spec").put("driver", Objects.DRIVER);
    content
        .withObject("/spec/volumeSnapshotRef")
        .put("namespace", "ns")
        .put("name", "photo")
        .put("uid", "uid-of-photo");
    content.withObject("/status").put("snapshotHandle", "handle-1");
    changeContent.accept(content);
    stage.cluster.put(SnapshotContent.KIND, content);
  }

  private void restore(String name, String size) {
    stage.claim(
        name,
        claim -> {
          claim.withObject("/spec").put("volumeMode", "Filesystem");
          claim.withObject("/spec/resources/requests").put("storage", size);
          dataSource(claim, Names.SNAPSHOT_GROUP, "VolumeSnapshot", "photo");
        });
  }

  private void claimFrom(String name, String group, String kind, String source) {
    stage.claim(name, claim -> dataSource(claim, group, kind, source));
  }

  private static void dataSource(ObjectNode claim, String group, String kind, String name) {
    claim.withObject("/spec/dataSource").put("apiGroup", group).put("kind", kind).put("name", name);
  }

  private void elsewhere(String name) {
    stage.claim(
        "shop",
        name,
        claim ->
            claim
                .withObject("/spec/dataSourceRef")
                .put("apiGroup", Names.SNAPSHOT_GROUP)
                .put("kind", "VolumeSnapshot")
                .put("namespace", "ns")
                .put("name", "photo"));
  }

  private void grant(String namespace, Consumer<ObjectNode> change) {
    var grant = SimulatedCluster.object(namespace, "grant");
    grant
        .withObject("/spec")
        .putArray("from")
        .addObject()
        .put("group", "")
        .put("kind", "PersistentVolumeClaim")
        .put("namespace", "shop");
    grant
        .withObject("/spec")
        .putArray("to")
        .addObject()
        .put("group", Names.SNAPSHOT_GROUP)
        .put("kind", "VolumeSnapshot");
    change.accept(grant);
    stage.cluster.put(Grant.KIND, grant);
  }

  private void source(Consumer<ObjectNode> change, Consumer<ObjectNode> changeVolume) {
    stage.claim(
        "source",
        claim -> {
          claim.withObject("/spec").put("volumeName", "pv-source");
          claim.withObject("/status").put("phase", "Bound");
          change.accept(claim);
        });
    var volume = SimulatedCluster.object("", "pv-source");
    volume.withObject("/spec/csi").put("driver", Objects.DRIVER).put("volumeHandle", "vol-source");
    volume
        .withObject("/spec/claimRef")
        .put("namespace", "ns")
        .put("name", "source")
        .put("uid", "uid-of-source");
    volume.withObject("/status").put("phase", "Bound");
    changeVolume.accept(volume);
    stage.cluster.put(Volume.KIND, volume);
  }

  private void clone(String name, Consumer<ObjectNode> change) {
    stage.claim(
        name,
        claim -> {
          claim
              .withObject("/spec/dataSource")
              .put("kind", "PersistentVolumeClaim")
              .put("name", "source");
          change.accept(claim);
        });
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
