package io.csi4j.e2e.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.sidecars.kit.doors.Kind;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who leads, as the server has it. */
final class Leases {
  private static final String LEASES = "leases";

  private String holder = "";

  void committed(Kind<?> kind, @Nullable ObjectNode after) {
    if (kind.plural().equals(LEASES)) {
      holder = after == null ? "" : after.at("/spec/holderIdentity").asText("");
    }
  }

  /**
   * What is wrong with this replica's write. One that has not led since the lease ran out harms
   * nobody until somebody else leads; from then on it does.
   */
  Optional<Violation> writes(String replica, String call) {
    return holder.isEmpty() || holder.equals(replica) || isOfElection(call)
        ? Optional.empty()
        : Optional.of(
            new Violation(
                "no write after leadership was lost",
                "%s does %s while %s leads".formatted(replica, call, holder)));
  }

  /** Candidates write leases and tell of it in events, whoever leads. */
  static boolean isOfElection(String call) {
    return call.contains(" " + LEASES + " ") || call.contains(" events ");
  }
}
