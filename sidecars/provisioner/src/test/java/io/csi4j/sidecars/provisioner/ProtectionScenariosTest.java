package io.csi4j.sidecars.provisioner;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.e2e.simulator.Effects;
import io.csi4j.e2e.simulator.SimulatedCluster;
import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scenarios F of provisioner 26: what keeps sources from deletion, and what lets them go. */
class ProtectionScenariosTest {
  private static final ObjectKey SOURCE = new ObjectKey("ns", "source");
  private static final ObjectKey SNAPSHOT = new ObjectKey("ns", "photo");

  private final Stage stage =
      new Stage().can(RPC.Type.CREATE_DELETE_SNAPSHOT, RPC.Type.CLONE_VOLUME);

  /** F1, B-9. */
  @ParameterizedTest
  @CsvSource({
    "Bound, ns, true, false",
    "none, ns, true, false",
    "Pending, ns, true, true",
    "Pending, shop, true, true",
    "Pending, ns, false, true"
  })
  void given_clones_of_a_source_in_deletion_then_it_is_kept_while_one_is_pending(
      String phase, String namespace, boolean deleting, boolean kept) {
    source(deleting);
    cloneIn(namespace, phase);

    stage.life().live(ofMinutes(1));

    assertThat(isKept()).isEqualTo(kept);
  }

  /** F1, B-9: the clone's progress wakes its source. */
  @Test
  void given_a_source_that_is_kept_when_its_clone_is_bound_then_it_goes_at_once() {
    source(true);
    cloneIn("ns", "Pending");
    var life = stage.life();
    life.live(ofMinutes(10));
    assertThat(isKept()).isTrue();

    stage.cluster.change(
        Claim.KIND,
        new ObjectKey("ns", "clone"),
        claim -> claim.withObject("/status").put("phase", "Bound"));
    life.live(ofSeconds(1));

    assertThat(isKept()).isFalse();
  }

  private void source(boolean deleting) {
    stage.claim(
        "source",
        claim -> {
          claim.withObject("/spec").put("volumeName", "gone");
          claim.withObject("/status").put("phase", "Bound");
          claim.withObject("/metadata").putArray("finalizers").add(Names.CLONE_FINALIZER);
          if (deleting) {
            claim.withObject("/metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
          }
        });
  }

  private void cloneIn(String namespace, String phase) {
    if (phase.equals("none")) {
      return;
    }
    stage.claim(
        namespace,
        "clone",
        claim -> {
          claim.withObject("/metadata/annotations").put(Names.STORAGE_PROVISIONER, "other");
          claim.withObject("/status").put("phase", phase);
          claim
              .withObject(namespace.equals("ns") ? "/spec/dataSource" : "/spec/dataSourceRef")
              .put("kind", "PersistentVolumeClaim")
              .put("namespace", "ns")
              .put("name", "source");
        });
  }

  private boolean isKept() {
    return stage.cluster.has(Claim.KIND, SOURCE)
        && stage
            .cluster
            .get(Claim.KIND, SOURCE)
            .at("/metadata/finalizers")
            .toString()
            .contains(Names.CLONE_FINALIZER);
  }

  /** F2, and B-9: only those of our driver. */
  @ParameterizedTest
  @CsvSource({
    "none, '', ours, false",
    "Bound, dataSource, ours, false",
    "Pending, dataSource, ours, true",
    "Pending, dataSourceRef, ours, true",
    "Pending, foreign, ours, false",
    "none, '', theirs, true"
  })
  void given_a_protection_that_was_left_then_the_sweep_takes_what_nobody_needs(
      String phase, String field, String whose, boolean kept) {
    snapshot(whose.equals("ours") ? Objects.DRIVER : "other");
    if (!phase.equals("none")) {
      stage.claim(
          field.equals("dataSourceRef") ? "shop" : "ns",
          "data",
          claim -> {
            claim.withObject("/metadata/annotations").put(Names.STORAGE_PROVISIONER, "other");
            claim.withObject("/status").put("phase", phase);
            if (phase.equals("Bound")) {
              claim.withObject("/spec").put("volumeName", "any");
            }
            claim
                .withObject(
                    field.equals("dataSourceRef") ? "/spec/dataSourceRef" : "/spec/dataSource")
                .put("apiGroup", field.equals("foreign") ? "example.com" : Names.SNAPSHOT_GROUP)
                .put("kind", "VolumeSnapshot")
                .put("namespace", "ns")
                .put("name", "photo");
          });
    }

    stage.life().live(ofMinutes(6));

    assertThat(isSnapshotKept()).isEqualTo(kept);
  }

  /** F3. */
  @ParameterizedTest
  @CsvSource({"capability", "interval"})
  void given_no_sweep_then_the_rest_works(String off) {
    snapshot(Objects.DRIVER);
    stage.claim("data");
    if (off.equals("capability")) {
      stage.cannot(RPC.Type.CREATE_DELETE_SNAPSHOT);
    } else {
      stage.flags("--snapshot-orphan-sweep-interval=0");
    }

    stage.life(Effects.QUIET).live(ofMinutes(20));

    assertThat(isSnapshotKept()).isTrue();
    assertThat(stage.hasVolume("data")).isTrue();
  }

  private void snapshot(String driver) {
    var snapshot = SimulatedCluster.object("ns", "photo");
    snapshot.withObject("/metadata").putArray("finalizers").add(Names.SNAPSHOT_FINALIZER);
    snapshot.withObject("/status").put("boundVolumeSnapshotContentName", "content");
    stage.cluster.put(Snapshot.KIND, snapshot);
    var content = SimulatedCluster.object("", "content");
    content.withObject("/spec").put("driver", driver);
    stage.cluster.put(SnapshotContent.KIND, content);
  }

  private boolean isSnapshotKept() {
    return stage
        .cluster
        .get(Snapshot.KIND, SNAPSHOT)
        .at("/metadata/finalizers")
        .toString()
        .contains(Names.SNAPSHOT_FINALIZER);
  }
}
