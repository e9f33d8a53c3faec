package io.csi4j.e2e.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.util.function.Consumer;

/**
 * What Kubernetes' volume controller does with claims and volumes that name each other: binds them,
 * and releases the volume when its claim is gone.
 */
public final class VolumeBinder implements Consumer<World> {

  @Override
  public void accept(World world) {
    for (var volume : world.cluster().all(Volume.KIND)) {
      var reference = volume.at("/spec/claimRef");
      if (!reference.path("uid").asText().isEmpty()) {
        var claim =
            new ObjectKey(reference.path("namespace").asText(), reference.path("name").asText());
        settle(world.cluster(), volume, claim);
      }
    }
  }

  private static void settle(SimulatedCluster cluster, ObjectNode volume, ObjectKey claim) {
    var key = ObjectKey.cluster(volume.at("/metadata/name").asText());
    var uid = volume.at("/spec/claimRef/uid").asText();
    if (!cluster.has(Claim.KIND, claim)
        || !cluster.get(Claim.KIND, claim).at("/metadata/uid").asText().equals(uid)) {
      phase(cluster, volume, key, "Released");
    } else {
      bind(cluster, claim, key);
      phase(cluster, volume, key, "Bound");
    }
  }

  private static void bind(SimulatedCluster cluster, ObjectKey claim, ObjectKey volume) {
    if (cluster.get(Claim.KIND, claim).at("/spec/volumeName").asText().isEmpty()) {
      cluster.change(
          Claim.KIND,
          claim,
          object -> {
            object.withObject("/spec").put("volumeName", volume.name());
            object.withObject("/status").put("phase", "Bound");
          });
    }
  }

  private static void phase(
      SimulatedCluster cluster, ObjectNode volume, ObjectKey key, String phase) {
    if (!volume.at("/status/phase").asText().equals(phase)) {
      cluster.change(Volume.KIND, key, object -> object.withObject("/status").put("phase", phase));
    }
  }
}
