package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.CsiNode;
import io.csi4j.sidecars.kit.cluster.Node;
import io.csi4j.sidecars.kit.cluster.Secret;
import io.csi4j.sidecars.kit.cluster.StorageClass;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.Need;
import io.csi4j.sidecars.kit.doors.Needs;
import io.csi4j.sidecars.kit.doors.Verb;
import io.csi4j.sidecars.kit.events.EventRecorder;
import io.csi4j.sidecars.kit.journal.ConfigMapJournal;
import io.csi4j.sidecars.kit.lease.Election;
import java.util.Set;

/** What the provisioner does at the API server. */
final class ProvisionerNeeds {
  static final Needs ALL =
      Needs.of(
          Need.ofTable(Claim.KIND, Verb.GET, Verb.UPDATE),
          Need.ofTable(Volume.KIND, Verb.GET, Verb.CREATE, Verb.PATCH, Verb.DELETE),
          Need.ofTable(StorageClass.KIND),
          Need.ofTable(Attachment.KIND),
          Need.ofTable(CsiNode.KIND),
          Need.ofTable(Node.KIND),
          Need.of(AttributesClass.KIND, Verb.GET),
          Need.of(Secret.KIND, Verb.GET).when("secrets"),
          Need.of(Namespace.KIND, Verb.GET).when("namespaceMetadata"),
          Need.of(Snapshot.KIND, Verb.GET, Verb.LIST, Verb.UPDATE).when("snapshots"),
          Need.of(SnapshotContent.KIND, Verb.GET).when("snapshots"),
          Need.of(Grant.KIND, Verb.LIST).when("crossNamespace"),
          Need.ofTable(
                  CapacityObject.KIND, Verb.GET, Verb.CREATE, Verb.UPDATE, Verb.PATCH, Verb.DELETE)
              .atHome()
              .when("capacity"),
          // Whom the capacity objects belong to, as far up as the owners of pods usually go.
          owner("", "pods"),
          owner("apps", "replicasets"),
          owner("apps", "deployments"),
          EventRecorder.NEED,
          ConfigMapJournal.NEED,
          Election.NEED);

  private ProvisionerNeeds() {}

  private static Need owner(String group, String resource) {
    return new Need(group, resource, Set.of(Verb.GET), Need.Where.AT_HOME, "capacity");
  }
}
