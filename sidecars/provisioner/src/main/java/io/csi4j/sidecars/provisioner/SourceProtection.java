package io.csi4j.sidecars.provisioner;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Resource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finalizers on what a volume is filled from, so that nobody deletes it meanwhile. Written by
 * update and not by patch, which the Go tools' manifests do not grant here.
 */
final class SourceProtection {
  private static final Logger log = LoggerFactory.getLogger(SourceProtection.class);

  private final Cluster cluster;

  SourceProtection(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Before the driver is asked. */
  void protect(Plan.Guarded guarded) {
    if (guarded.claim() != null) {
      add(Claim.KIND, guarded.claim(), Names.CLONE_FINALIZER);
    }
    if (guarded.snapshot() != null) {
      try {
        add(Snapshot.KIND, guarded.snapshot(), Names.SNAPSHOT_FINALIZER);
      } catch (ApiFailure.Forbidden e) {
        log.atWarn()
            .addKeyValue("snapshot", guarded.snapshot())
            .addKeyValue("reason", e.getMessage())
            .log("did not protect the source of a volume: grant update on volumesnapshots");
      }
    }
  }

  /** What fails here the sweep does again. */
  void releaseSnapshot(ObjectKey snapshot) {
    try {
      remove(Snapshot.KIND, snapshot, Names.SNAPSHOT_FINALIZER);
    } catch (ApiFailure e) {
      log.atInfo()
          .addKeyValue("snapshot", snapshot)
          .addKeyValue("reason", e.getMessage())
          .log("did not take the protection off a source");
    }
  }

  private <T extends Resource> void add(Kind<T> kind, ObjectKey key, String finalizer) {
    var known = cluster.read(kind, key);
    if (known.isPresent() && !known.get().meta().hasFinalizer(finalizer)) {
      cluster.update(kind, key, object -> change(object, finalizer, true));
    }
  }

  <T extends Resource> void remove(Kind<T> kind, ObjectKey key, String finalizer) {
    cluster.update(kind, key, object -> change(object, finalizer, false));
  }

  private static void change(ObjectNode object, String finalizer, boolean wanted) {
    var metadata = object.withObject("/metadata");
    var kept = metadata.arrayNode();
    if (metadata.get("finalizers") instanceof ArrayNode known) {
      for (var each : known) {
        if (!each.asText().equals(finalizer)) {
          kept.add(each);
        }
      }
    }
    if (wanted) {
      kept.add(finalizer);
    }
    metadata.set("finalizers", kept);
  }
}
