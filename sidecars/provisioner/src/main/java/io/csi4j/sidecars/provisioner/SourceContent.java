package io.csi4j.sidecars.provisioner;

import io.csi4j.proto.csi.v1.VolumeContentSource;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.ObjectKey;

/**
 * Looks up what a claim names as its {@link Source}: whether its owner allows that, whether it can
 * be used as it is now, and what the driver is told of it.
 */
final class SourceContent {
  private final Cluster cluster;
  private final ClusterView view;
  private final String driver;
  private final SourceCheck.Limits limits;

  SourceContent(Cluster cluster, ClusterView view, String driver, SourceCheck.Limits limits) {
    this.cluster = cluster;
    this.view = view;
    this.driver = driver;
    this.limits = limits;
  }

  /** Throws {@link Refused} where it cannot be used. */
  VolumeRequest.Content of(Claim claim, Source source) {
    return switch (source) {
      case Source.Nothing _, Source.Foreign _ -> VolumeRequest.Content.NONE;
      case Source.Wrong(var reason) -> throw new Refused(reason);
      case Source.OfSnapshot(var key, var permission) -> {
        allow(claim, Names.SNAPSHOT_GROUP, source, new Wanted(key, permission));
        var usable = usable(snapshot(claim, key));
        var snapshot =
            VolumeContentSource.SnapshotSource.newBuilder().setSnapshotId(usable.handle());
        yield new VolumeRequest.Content(
            VolumeContentSource.newBuilder().setSnapshot(snapshot).build(), usable.bytesMin());
      }
      case Source.OfClaim(var key, var permission) -> {
        allow(claim, "", source, new Wanted(key, permission));
        var usable = usable(clone(claim, key));
        var volume = VolumeContentSource.VolumeSource.newBuilder().setVolumeId(usable.handle());
        yield new VolumeRequest.Content(
            VolumeContentSource.newBuilder().setVolume(volume).build(), usable.bytesMin());
      }
    };
  }

  private record Wanted(ObjectKey key, Source.Permission permission) {}

  private void allow(Claim claim, String group, Source source, Wanted wanted) {
    if (wanted.permission() == Source.Permission.SAME_NAMESPACE) {
      return;
    }
    var from = claim.meta().namespace();
    var grants = cluster.list(Grant.KIND.only(new Kind.Part(wanted.key().namespace(), "")));
    if (grants.stream()
        .noneMatch(grant -> grant.allows(from, group, source.kind(), wanted.key()))) {
      throw new Refused(
          "accessing %s/%s of %s dataSource from %s/%s isn't allowed"
              .formatted(
                  wanted.key().namespace(),
                  wanted.key().name(),
                  source.kind(),
                  from,
                  claim.meta().name()));
    }
  }

  private static SourceCheck.Usable usable(SourceCheck check) {
    return switch (check) {
      case SourceCheck.Usable usable -> usable;
      case SourceCheck.Unusable(var reason) -> throw new Refused(reason);
    };
  }

  private SourceCheck snapshot(Claim claim, ObjectKey key) {
    var snapshot = cluster.read(Snapshot.KIND, key).orElse(null);
    var content =
        snapshot == null || snapshot.content().isEmpty()
            ? null
            : cluster
                .read(SnapshotContent.KIND, ObjectKey.cluster(snapshot.content()))
                .orElse(null);
    return SourceCheck.of(
        new SourceCheck.SnapshotFacts(claim, key, snapshot, content, driver, limits));
  }

  private SourceCheck clone(Claim claim, ObjectKey key) {
    var source = view.claim(key);
    var volume =
        source == null || source.volumeName().isEmpty()
            ? null
            : cluster.read(Volume.KIND, ObjectKey.cluster(source.volumeName())).orElse(null);
    return SourceCheck.of(new SourceCheck.CloneFacts(claim, key, source, volume, driver));
  }
}
