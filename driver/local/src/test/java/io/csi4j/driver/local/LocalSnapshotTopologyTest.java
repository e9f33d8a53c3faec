package io.csi4j.driver.local;

import static io.csi4j.driver.local.Capabilities.ext4;
import static io.csi4j.driver.local.CsiClient.code;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.proto.csi.v1.CreateSnapshotRequest;
import io.csi4j.proto.csi.v1.ListSnapshotsRequest;
import io.csi4j.proto.csi.v1.Topology;
import io.grpc.Status;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where snapshots can be used; CSI 1.13, in csi-wire.md 14. */
@Timeout(120)
class LocalSnapshotTopologyTest {
  @TempDir private Path folder;

  @Test
  void given_a_place_for_a_snapshot_then_it_is_made_there_or_not_at_all() throws Exception {
    RealDevices.assumePossible();
    var options =
        LocalDriverOptions.of("node-a")
            .withEndpoint(folder.resolve("csi.sock").toString())
            .withStateDir(folder.resolve("state"))
            .withFeatures(EnumSet.allOf(Feature.class));
    try (var driver = LocalDriver.start(options);
        var client = new CsiClient(folder.resolve("csi.sock"))) {
      assertThat(driver).isNotNull();
      var id = client.create("v1", 16L << 20, ext4()).getVolumeId();
      var here = client.info().getAccessibleTopology();
      var elsewhere =
          Topology.newBuilder().putSegments("topology.local.csi4j.io/node", "node-b").build();

      var snapshot = client.snapshots().create(request("s1", id, here));
      var chosen = client.snapshots().create(request("s2", id, elsewhere, here));

      assertThat(snapshot.getAccessibleTopologyList())
          .as("the caller has named the place himself; docs/adr/0008")
          .isEmpty();
      assertThat(client.snapshots().create(request("s1", id, here))).isEqualTo(snapshot);
      assertThat(client.snapshots().find(snapshot.getSnapshotId()).getAccessibleTopologyList())
          .containsExactly(here);
      assertThat(chosen.getAccessibleTopologyList()).containsExactly(here);
      assertThat(client.snapshots().create("s3", id).getAccessibleTopologyList())
          .containsExactly(here);
      assertThat(
              client.snapshots().list(ListSnapshotsRequest.getDefaultInstance()).getEntriesList())
          .hasSize(3)
          .allMatch(entry -> entry.getSnapshot().getAccessibleTopologyList().equals(List.of(here)));
      assertThat(code(() -> client.snapshots().create(request("s4", id, elsewhere))))
          .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }
  }

  private static CreateSnapshotRequest request(String name, String volumeId, Topology... places) {
    var request = CreateSnapshotRequest.newBuilder().setName(name).setSourceVolumeId(volumeId);
    request
        .getAccessibilityRequirementsBuilder()
        .addAllRequisite(List.of(places))
        .addAllPreferred(List.of(places));
    return request.build();
  }
}
