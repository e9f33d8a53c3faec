package io.csi4j.sidecars.kit.lease;

import io.csi4j.sidecars.kit.doors.Meta;

/** Hears of terms, for events and metrics; must not wait. */
public interface TermWatcher {

  void began(Candidate leader, Meta lease);

  void stopped(Candidate leader, Meta lease);

  /** For whoever does not care. */
  TermWatcher NOBODY =
      new TermWatcher() {
        @Override
        public void began(Candidate leader, Meta lease) {}

        @Override
        public void stopped(Candidate leader, Meta lease) {}
      };
}
