package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.StorageClass;
import io.csi4j.sidecars.kit.doors.Meta;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that the choice of claims may look at.
 *
 * @param driver our driver's name
 * @param storageClass missing where there is no class of the claim's name
 * @param volumeExists whether the volume for this claim is in the cluster already
 * @param local where this process serves one node only
 */
record ClaimFacts(
    String driver,
    Claim claim,
    @Nullable StorageClass storageClass,
    boolean volumeExists,
    @Nullable LocalNode local) {

  /** The class that the claim names; empty if none. */
  static String className(Claim claim) {
    var beta = claim.meta().annotations().get(Names.CLASS_BETA);
    if (beta != null) {
      return beta;
    }
    return claim.className() == null ? "" : claim.className();
  }

  /** The same claim as it would be with that node selected. */
  static Claim withNode(Claim claim, String node) {
    var annotations = new TreeMap<>(claim.meta().annotations());
    annotations.put(Names.SELECTED_NODE, node);
    var meta = claim.meta();
    return new Claim(
        new Meta(
            meta.key(),
            meta.uid(),
            meta.resourceVersion(),
            meta.deleting(),
            meta.finalizers(),
            annotations,
            meta.labels()),
        claim.className(),
        claim.requestedStorage(),
        claim.accessModes(),
        claim.volumeMode(),
        claim.volumeName(),
        claim.hasSelector(),
        claim.source(),
        claim.sourceRef(),
        claim.attributesClass(),
        claim.phase());
  }

  /** The node that the scheduler has chosen; empty if none. */
  static String selectedNode(Claim claim) {
    var annotations = claim.meta().annotations();
    return annotations.getOrDefault(
        Names.SELECTED_NODE, annotations.getOrDefault(Names.SELECTED_NODE_ALPHA, ""));
  }
}
