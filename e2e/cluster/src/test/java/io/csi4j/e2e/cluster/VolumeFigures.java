package io.csi4j.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.stream.StreamSupport;

/** What kubelet tells of a volume in /stats/summary, asked for through the API server. */
record VolumeFigures(
    long capacityBytes, long usedBytes, long availableBytes, long inodes, long inodesUsed) {

  static VolumeFigures of(KubernetesClient client, String node, String namespace, String claim) {
    var text = client.raw("/api/v1/nodes/%s/proxy/stats/summary".formatted(node));
    var summary = client.getKubernetesSerialization().unmarshal(text, JsonNode.class);
    return StreamSupport.stream(summary.path("pods").spliterator(), false)
        .flatMap(pod -> StreamSupport.stream(pod.path("volume").spliterator(), false))
        .filter(volume -> volume.path("pvcRef").path("name").asText().equals(claim))
        .filter(volume -> volume.path("pvcRef").path("namespace").asText().equals(namespace))
        .map(VolumeFigures::of)
        .findFirst()
        .orElseThrow(() -> new AssertionError("kubelet tells nothing of " + claim));
  }

  private static VolumeFigures of(JsonNode volume) {
    return new VolumeFigures(
        volume.path("capacityBytes").asLong(),
        volume.path("usedBytes").asLong(),
        volume.path("availableBytes").asLong(),
        volume.path("inodes").asLong(),
        volume.path("inodesUsed").asLong());
  }
}
