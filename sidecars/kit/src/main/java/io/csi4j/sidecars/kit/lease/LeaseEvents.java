package io.csi4j.sidecars.kit.lease;

import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.events.Event;
import io.csi4j.sidecars.kit.events.Events;
import io.csi4j.sidecars.kit.events.Involved;

/** Tells who looks at the lease when it changed hands, in the Go tools' words. */
record LeaseEvents(Events events) implements TermWatcher {
  private static final String REASON = "LeaderElection";

  @Override
  public void began(Candidate leader, Meta lease) {
    say(lease, leader.identity() + " became leader");
  }

  @Override
  public void stopped(Candidate leader, Meta lease) {
    say(lease, leader.identity() + " stopped leading");
  }

  private void say(Meta lease, String message) {
    events.record(Event.normal(Involved.of(Lease.KIND, lease), REASON, message));
  }
}
