package io.csi4j.sidecars.provisioner;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.simulator.Effects;
import io.csi4j.e2e.simulator.SimulatedCluster;
import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A {@link Stage} with what volumes are filled from: a snapshot, a claim, and grants for them. */
final class SourceStage {
  static final ObjectKey SNAPSHOT = new ObjectKey("ns", "photo");
  static final ObjectKey CLAIM = new ObjectKey("ns", "source");
  private static final ObjectKey CONTENT = ObjectKey.cluster("content");

  final Stage stage = new Stage().can(RPC.Type.CREATE_DELETE_SNAPSHOT, RPC.Type.CLONE_VOLUME);

  /** For each call, whether the snapshot was kept from deletion while the driver worked. */
  final List<Boolean> guardedDuring = new ArrayList<>();

  /** That of the last life. */
  TunedDriver driver;

  SourceStage() {
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

  void plays(boolean works, String reason) {
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

  boolean isGuarded() {
    return stage.cluster.has(Snapshot.KIND, SNAPSHOT)
        && stage
            .cluster
            .get(Snapshot.KIND, SNAPSHOT)
            .at("/metadata/finalizers")
            .toString()
            .contains(Names.SNAPSHOT_FINALIZER);
  }

  void snapshot(Consumer<ObjectNode> change, Consumer<ObjectNode> changeContent) {
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

  void restore(String name, String size) {
    stage.claim(
        name,
        claim -> {
          claim.withObject("/spec").put("volumeMode", "Filesystem");
          claim.withObject("/spec/resources/requests").put("storage", size);
          dataSource(claim, Names.SNAPSHOT_GROUP, "VolumeSnapshot", "photo");
        });
  }

  void claimFrom(String name, String group, String kind, String source) {
    stage.claim(name, claim -> dataSource(claim, group, kind, source));
  }

  private static void dataSource(ObjectNode claim, String group, String kind, String name) {
    claim.withObject("/spec/dataSource").put("apiGroup", group).put("kind", kind).put("name", name);
  }

  void elsewhere(String name) {
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

  void grant(String namespace, Consumer<ObjectNode> change) {
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

  void source(Consumer<ObjectNode> change, Consumer<ObjectNode> changeVolume) {
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

  void clone(String name, Consumer<ObjectNode> change) {
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
}
