package io.csi4j.driver.local;

import static io.csi4j.driver.local.Capabilities.ext4;
import static io.csi4j.driver.local.CsiClient.code;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import io.csi4j.proto.csi.v1.ListSnapshotsRequest;
import io.csi4j.proto.csi.v1.PluginCapability;
import io.csi4j.proto.csi.v1.PluginCapability.Service;
import io.csi4j.proto.csi.v1.PluginCapability.VolumeExpansion;
import io.csi4j.proto.csi.v1.Snapshot;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is reported with which features; driver.md 14.1, and numbers 4, 14, 19, 20 of 13.4. */
@Timeout(120)
class LocalFeaturesTest {
  @TempDir private Path folder;

  @BeforeEach
  void assumePossible() {
    RealDevices.assumePossible();
  }

  @Test
  void given_the_defaults_then_nothing_that_is_alpha_is_reported() throws IOException {
    try (var driver = start(Feature.defaults());
        var client = client()) {
      assertThat(driver).isNotNull();
      assertThat(client.capabilities())
          .containsExactlyInAnyOrder(
              RPC.Type.CREATE_DELETE_VOLUME,
              RPC.Type.LIST_VOLUMES,
              RPC.Type.GET_CAPACITY,
              RPC.Type.CREATE_DELETE_SNAPSHOT,
              RPC.Type.LIST_SNAPSHOTS,
              RPC.Type.CLONE_VOLUME,
              RPC.Type.EXPAND_VOLUME,
              RPC.Type.SINGLE_NODE_MULTI_WRITER);
      assertThat(client.pluginCapabilities())
          .extracting(PluginCapability::getService)
          .extracting(Service::getType)
          .doesNotContain(
              Service.Type.SNAPSHOT_METADATA_SERVICE,
              Service.Type.SNAPSHOT_ACCESSIBILITY_CONSTRAINTS);
      assertThat(client.pluginCapabilities())
          .anyMatch(each -> each.getVolumeExpansion().getType() == VolumeExpansion.Type.ONLINE);
      assertThat(code(() -> client.volume("no-such"))).isEqualTo(Status.Code.UNIMPLEMENTED);
      assertThat(code(() -> client.health("no-such"))).isEqualTo(Status.Code.UNIMPLEMENTED);
    }
  }

  @Test
  void given_nothing_turned_on_then_lists_of_snapshots_and_growth_are_not_there()
      throws IOException {
    try (var driver = start(EnumSet.noneOf(Feature.class));
        var client = client()) {
      assertThat(driver).isNotNull();
      assertThat(client.capabilities())
          .doesNotContain(RPC.Type.LIST_SNAPSHOTS, RPC.Type.EXPAND_VOLUME);
      assertThat(code(() -> client.snapshots().list(ListSnapshotsRequest.getDefaultInstance())))
          .isEqualTo(Status.Code.UNIMPLEMENTED);
      assertThat(code(() -> client.expand("no-such", 1, 0))).isEqualTo(Status.Code.UNIMPLEMENTED);
      assertThat(client.pluginCapabilities()).noneMatch(PluginCapability::hasVolumeExpansion);
    }
  }

  @Test
  void given_all_turned_on_then_a_volume_is_told_by_its_id_and_its_snapshots_by_theirs()
      throws IOException {
    try (var driver = start(EnumSet.allOf(Feature.class));
        var client = client()) {
      assertThat(driver).isNotNull();
      var volume = client.create("v1", 16L << 20, ext4());
      var id = volume.getVolumeId();
      var first = client.snapshots().create("s1", id);
      var second = client.snapshots().create("s2", id);

      assertThat(client.volume(id)).isEqualTo(volume);
      assertThat(code(() -> client.volume("no-such"))).isEqualTo(Status.Code.NOT_FOUND);
      var ofVolume = ListSnapshotsRequest.newBuilder().setSourceVolumeId(id).build();
      assertThat(client.snapshots().list(ofVolume).getEntriesList())
          .extracting(entry -> entry.getSnapshot().getSnapshotId())
          .containsExactlyInAnyOrder(first.getSnapshotId(), second.getSnapshotId());
      var otherSource =
          ListSnapshotsRequest.newBuilder()
              .setSnapshotId(first.getSnapshotId())
              .setSourceVolumeId("other")
              .build();
      assertThat(client.snapshots().list(otherSource).getEntriesList()).isEmpty();
      assertThat(first.getCreationTime())
          .isNotEqualTo(Snapshot.getDefaultInstance().getCreationTime());
    }
  }

  private LocalDriver start(Set<Feature> features) throws IOException {
    return LocalDriver.start(
        LocalDriverOptions.of("node-a")
            .withEndpoint(folder.resolve("csi.sock").toString())
            .withStateDir(folder.resolve("state"))
            .withFeatures(features));
  }

  private CsiClient client() {
    return new CsiClient(folder.resolve("csi.sock"));
  }
}
