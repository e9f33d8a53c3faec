package io.csi4j.e2e.sandbox.actors.attaching;

import io.csi4j.e2e.sandbox.actors.view.Node;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What is next for an attachment that nobody wants any more. Pure. */
sealed interface DetachStep {
  Duration PATIENCE = Duration.ofMinutes(6);

  /** The node still has it mounted. */
  record AwaitUnmount() implements DetachStep {}

  /** It goes now. */
  record Detach(Why why) implements DetachStep {}

  /** What allows it. */
  enum Why {
    UNMOUNTED,
    /** The node was ill for too long: whatever it has mounted, it loses. */
    TIMEOUT,
    OUT_OF_SERVICE,
    NODE_GONE
  }

  /** Whether {@link #PATIENCE} ends at all. */
  enum OnTimeout {
    FORCE,
    WAIT
  }

  static DetachStep decide(
      @Nullable Node node, boolean inUse, Duration wanted, OnTimeout onTimeout) {
    if (node == null) {
      return new Detach(Why.NODE_GONE);
    }
    if (!inUse) {
      return new Detach(Why.UNMOUNTED);
    }
    if (node.outOfService()) {
      return new Detach(Why.OUT_OF_SERVICE);
    }
    var over = wanted.compareTo(PATIENCE) >= 0 && !node.ready();
    return over && onTimeout == OnTimeout.FORCE ? new Detach(Why.TIMEOUT) : new AwaitUnmount();
  }
}
