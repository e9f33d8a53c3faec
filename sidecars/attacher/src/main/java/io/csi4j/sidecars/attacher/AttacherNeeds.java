package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.CsiNode;
import io.csi4j.sidecars.kit.cluster.Secret;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.Need;
import io.csi4j.sidecars.kit.doors.Needs;
import io.csi4j.sidecars.kit.doors.Verb;
import io.csi4j.sidecars.kit.lease.Election;

/** What the attacher does at the API server. */
final class AttacherNeeds {
  static final Needs ALL =
      Needs.of(
          Need.ofTable(Attachment.KIND, Verb.GET, Verb.PATCH),
          Need.ofStatus(Attachment.KIND, Verb.PATCH),
          Need.ofTable(Volume.KIND, Verb.PATCH),
          Need.ofTable(CsiNode.KIND),
          Need.of(Secret.KIND, Verb.GET).when("secrets"),
          Election.NEED);

  private AttacherNeeds() {}
}
