package io.csi4j.e2e.sandbox.actors.node;

import io.csi4j.proto.csi.v1.NodeGetVolumeStatsResponse;
import io.csi4j.proto.csi.v1.VolumeUsage;
import java.util.Optional;

/** How full a claim's volume is, as kubelet's metrics tell it. */
public record VolumeStats(
    String namespace,
    String claim,
    long capacityBytes,
    long usedBytes,
    long availableBytes,
    long inodes,
    long inodesUsed) {

  /** Nothing where the driver does not say: that is an error of the driver's. */
  static Optional<VolumeStats> of(
      String namespace, String claim, NodeGetVolumeStatsResponse response) {
    var bytes = usage(response, VolumeUsage.Unit.BYTES);
    var inodes = usage(response, VolumeUsage.Unit.INODES);
    return response.getUsageCount() == 0
        ? Optional.empty()
        : Optional.of(
            new VolumeStats(
                namespace,
                claim,
                bytes.getTotal(),
                bytes.getUsed(),
                bytes.getAvailable(),
                inodes.getTotal(),
                inodes.getUsed()));
  }

  private static VolumeUsage usage(NodeGetVolumeStatsResponse response, VolumeUsage.Unit unit) {
    return response.getUsageList().stream()
        .filter(each -> each.getUnit() == unit)
        .findFirst()
        .orElse(VolumeUsage.getDefaultInstance());
  }
}
