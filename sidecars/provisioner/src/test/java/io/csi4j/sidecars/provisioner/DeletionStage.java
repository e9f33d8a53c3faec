package io.csi4j.sidecars.provisioner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.simulator.Effects;
import io.csi4j.e2e.simulator.SimulatedCluster;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.util.function.Consumer;

/** A {@link Stage} with a volume whose claim is gone. */
final class DeletionStage {
  static final ObjectKey PV = ObjectKey.cluster("pv-1");

  final Stage stage = new Stage();

  /** That of the last life. */
  TunedDriver driver = new TunedDriver(stage.driver.life(Effects.QUIET));

  DeletionStage() {
    stage.driverDoor(
        door -> {
          driver = new TunedDriver(door);
          return driver;
        });
  }

  void volume(Consumer<ObjectNode> change) {
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

  void attachment(String name, String volume, String how) {
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
