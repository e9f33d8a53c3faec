package io.csi4j.sidecars.provisioner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.simulator.SimulatedCluster;
import io.csi4j.sidecars.kit.doors.ObjectKey;

/** A volume of ours that the nodes of one place only can use. */
final class LostVolume {
  static final ObjectKey KEY = ObjectKey.cluster("pv-1");

  private LostVolume() {}

  static ObjectNode on(String node, String phase) {
    var volume = SimulatedCluster.object("", KEY.name());
    volume.withObject("/metadata").put("uid", "uid-1").putArray("finalizers");
    volume.withObject("/metadata").withArray("finalizers").add(Names.VOLUME_FINALIZER);
    volume.withObject("/metadata/annotations").put(Names.PROVISIONED_BY, Objects.DRIVER);
    volume.withObject("/spec").put("persistentVolumeReclaimPolicy", "Delete");
    volume.withObject("/spec/csi").put("driver", Objects.DRIVER).put("volumeHandle", "v");
    volume.withObject("/status").put("phase", phase);
    affinity(volume, node);
    return volume;
  }

  static void affinity(ObjectNode volume, String node) {
    var expression =
        volume
            .withObject("/spec/nodeAffinity/required")
            .putArray("nodeSelectorTerms")
            .addObject()
            .putArray("matchExpressions")
            .addObject();
    expression.put("key", "node").put("operator", "In").putArray("values").add(node);
  }
}
