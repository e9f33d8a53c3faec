package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.DataSource;
import io.csi4j.sidecars.kit.doors.ObjectKey;

/** What a claim's volume is to be filled from, as far as the claim itself says. Pure. */
sealed interface Source {
  String SNAPSHOT_KIND = "VolumeSnapshot";
  String CLAIM_KIND = "PersistentVolumeClaim";

  /** An empty volume. */
  record Nothing() implements Source {}

  record OfSnapshot(ObjectKey key, Permission permission) implements Source {}

  record OfClaim(ObjectKey key, Permission permission) implements Source {}

  /** Somebody else makes the volume. */
  record Foreign(String kind) implements Source {}

  record Wrong(String reason) implements Source {}

  /** Whether the owner of the source must have allowed it. */
  enum Permission {
    SAME_NAMESPACE,
    GRANT_NEEDED
  }

  static Source of(Claim claim, Gates gates) {
    var plain = claim.source();
    if (plain != null) {
      return of(claim, plain);
    }
    var reference = claim.sourceRef();
    if (reference == null) {
      return new Nothing();
    }
    if (!reference.namespace().isEmpty() && !gates.crossNamespace()) {
      return new Wrong(
          "dataSourceRef namespace specified but the CrossNamespaceVolumeDataSource feature is"
              + " disabled");
    }
    return of(claim, reference);
  }

  private static Source of(Claim claim, DataSource source) {
    var snapshot = source.kind().equals(SNAPSHOT_KIND);
    var ours = source.group().equals(Names.SNAPSHOT_GROUP);
    if (source.name().isEmpty()) {
      return new Wrong("the PVC source not found for PVC " + claim.meta().name());
    }
    if (snapshot && !ours) {
      return new Wrong(
          "the PVC source does not belong to the right APIGroup. Expected %s, Got %s"
              .formatted(Names.SNAPSHOT_GROUP, source.group()));
    }
    var own = claim.meta().namespace();
    var namespace = source.namespace().isEmpty() ? own : source.namespace();
    var permission = namespace.equals(own) ? Permission.SAME_NAMESPACE : Permission.GRANT_NEEDED;
    var key = new ObjectKey(namespace, source.name());
    if (snapshot) {
      return new OfSnapshot(key, permission);
    }
    return source.kind().equals(CLAIM_KIND) && source.group().isEmpty()
        ? new OfClaim(key, permission)
        : new Foreign(source.kind());
  }

  /** The name that metrics have for it. */
  default String kind() {
    return switch (this) {
      case Nothing _, Wrong _ -> "";
      case OfSnapshot _ -> SNAPSHOT_KIND;
      case OfClaim _ -> CLAIM_KIND;
      case Foreign(var kind) -> kind;
    };
  }
}
