package io.csi4j.sidecars.kit.lease;

import io.csi4j.sidecars.kit.lease.LeaseFacts.Source;

/** The next step of one try to get or keep a lease. Pure: no I/O, no clock, no log. */
sealed interface LeaseStep {

  /** Ask the server what the lease says. */
  record Look() implements LeaseStep {}

  /** Nobody ever had it: make it. */
  record Create() implements LeaseStep {}

  /** It is ours: say so again. */
  record Renew(Lease lease) implements LeaseStep {}

  /** It was another's and is free: take it over. */
  record Take(Lease lease) implements LeaseStep {}

  /** Another has it, and this try is over. */
  record Leave(String holder) implements LeaseStep {}

  static LeaseStep decide(LeaseFacts facts) {
    var seen = facts.seen();
    if (facts.source() == Source.MEMORY) {
      // A holder saves the look: if somebody wrote in between, the write is refused and we look.
      return seen != null && seen.heldBy(facts.identity()) && seen.valid(facts.nowNanos())
          ? new Renew(seen.lease())
          : new Look();
    }
    if (seen == null) {
      return new Create();
    }
    if (seen.heldBy(facts.identity())) {
      return new Renew(seen.lease());
    }
    if (seen.free() || !seen.valid(facts.nowNanos())) {
      return new Take(seen.lease());
    }
    return new Leave(seen.lease().record().holder());
  }
}
