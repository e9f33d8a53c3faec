package io.csi4j.e2e.sandbox.actors.node;

import java.util.List;

/** What kubelet does about a volume that may have grown. Pure. */
sealed interface ExpansionStep {
  String PENDING = "NodeResizePending";
  String IN_PROGRESS = "NodeResizeInProgress";
  String INFEASIBLE = "NodeResizeInfeasible";

  /** Nothing. */
  record Settled() implements ExpansionStep {}

  /** The driver grows what is mounted. */
  record Expand(Share share) implements ExpansionStep {}

  /** Whose business the growth is. */
  enum Share {
    /** The claim waits for this node. */
    OF_CLAIM,
    /** The claim has what it wants; only this node's view is behind. */
    OF_NODE
  }

  static ExpansionStep decide(ExpansionFacts facts) {
    var behind =
        facts.claimSize().compareTo(facts.volumeSize()) < 0
            || facts.knownSize().compareTo(facts.volumeSize()) < 0;
    if (!behind || facts.readOnly()) {
      return new Settled();
    }
    if (List.of(PENDING, IN_PROGRESS).contains(facts.resizeStatus())) {
      return new Expand(Share.OF_CLAIM);
    }
    var done = facts.claimSize().compareTo(facts.volumeSize()) >= 0;
    return done && facts.resizeStatus().isEmpty() && facts.manyWriters() && !facts.notRequired()
        ? new Expand(Share.OF_NODE)
        : new Settled();
  }
}
