package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.attacher.AttachStep.Hold;
import io.csi4j.sidecars.kit.cluster.Volume;

/** The next step for an attachment that is being deleted. Pure: no I/O, no clock, no log. */
sealed interface DetachStep {

  /** Never published, or already released: the API server may let it go. */
  record Settled() implements DetachStep {}

  /** The driver cannot be called. The user reads {@code reason} in {@code status.detachError}. */
  record Refuse(String reason) implements DetachStep {}

  /**
   * Call the driver, also where the status says "not attached": with our finalizer on it, that only
   * means that nobody knows.
   */
  record Unpublish(Volume.Csi source, String nodeId, Hold hold) implements DetachStep {}

  static DetachStep decide(AttachFacts facts) {
    var held = facts.attachmentHeld();
    if (!held && !facts.doubted()) {
      return new Settled();
    }
    var problem = facts.sourceProblem();
    var source = facts.volume() == null ? null : facts.volume().csi();
    if (!problem.isEmpty() || source == null) {
      return new Refuse(problem);
    }
    var registered = facts.registeredNodeId();
    var nodeId = registered == null ? facts.publishedNodeId() : registered;
    if (nodeId == null) {
      return new Refuse(facts.nodeProblem());
    }
    return new Unpublish(source, nodeId, held ? Hold.PRESENT : Hold.MISSING);
  }
}
