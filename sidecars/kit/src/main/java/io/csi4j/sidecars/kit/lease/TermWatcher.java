package io.csi4j.sidecars.kit.lease;

import io.csi4j.sidecars.kit.doors.Meta;

/** Hears of terms, for events and metrics; must not wait. */
public interface TermWatcher {

  /** For whoever does not care. */
  TermWatcher NOBODY = new TermWatcher() {};

  /** This process wants the lease from now on. */
  default void stands(Candidate candidate) {}

  default void began(Candidate leader, Meta lease) {}

  /** The lease was not as the leader remembered it, or could not be written: it is looked at. */
  default void renewedSlowly(Candidate leader) {}

  default void stopped(Candidate leader, Meta lease) {}

  /** Both hear everything, this one first. */
  default TermWatcher and(TermWatcher other) {
    var self = this;
    return new TermWatcher() {
      @Override
      public void stands(Candidate candidate) {
        self.stands(candidate);
        other.stands(candidate);
      }

      @Override
      public void began(Candidate leader, Meta lease) {
        self.began(leader, lease);
        other.began(leader, lease);
      }

      @Override
      public void renewedSlowly(Candidate leader) {
        self.renewedSlowly(leader);
        other.renewedSlowly(leader);
      }

      @Override
      public void stopped(Candidate leader, Meta lease) {
        self.stopped(leader, lease);
        other.stopped(leader, lease);
      }
    };
  }
}
