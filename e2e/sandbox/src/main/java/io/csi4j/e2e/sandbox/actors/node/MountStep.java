package io.csi4j.e2e.sandbox.actors.node;

import io.csi4j.e2e.sandbox.actors.node.Actual.Presence;

/** What is next for a volume that a pod wants. Pure. */
sealed interface MountStep {

  /** The pod has it. */
  record Ready() implements MountStep {}

  record Await(String reason) implements MountStep {}

  record Stage() implements MountStep {}

  record Publish() implements MountStep {}

  static MountStep decide(MountFacts facts) {
    if (facts.mount() == Presence.SURE) {
      return new Ready();
    }
    if (facts.claimDeleting() && facts.mount() == Presence.NONE) {
      return new Await("PVC is being deleted");
    }
    if (!facts.registered()) {
      return new Await(
          "driver name %s not found in the list of registered CSI drivers"
              .formatted(facts.driver()));
    }
    if (facts.inline()) {
      return new Publish();
    }
    if (facts.attachRequired()) {
      var missing = missing(facts);
      if (!missing.isEmpty()) {
        return new Await(missing);
      }
    }
    return facts.device() == Presence.SURE ? new Publish() : new Stage();
  }

  private static String missing(MountFacts facts) {
    if (!facts.reported()) {
      return "volume is not yet reported as in use";
    }
    if (!facts.attached()) {
      return "volume is not yet attached to the node";
    }
    var attachment = facts.attachment();
    if (attachment == null) {
      return "volume attachment is missing";
    }
    if (!attachment.attachError().isEmpty()) {
      return attachment.attachError();
    }
    return attachment.attached() && !attachment.deleting()
        ? ""
        : "volume attachment is not attached, or being deleted";
  }
}
