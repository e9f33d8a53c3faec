package io.csi4j.sidecars.kit.lease;

/** Hears of terms, for events and metrics; must not wait. */
public interface TermWatcher {

  void began(Candidate leader);

  void stopped(Candidate leader);

  /** For whoever does not care. */
  TermWatcher NOBODY =
      new TermWatcher() {
        @Override
        public void began(Candidate leader) {}

        @Override
        public void stopped(Candidate leader) {}
      };
}
