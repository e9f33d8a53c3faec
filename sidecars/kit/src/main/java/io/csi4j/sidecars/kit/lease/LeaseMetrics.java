package io.csi4j.sidecars.kit.lease;

import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.metrics.Metrics;

/** Who leads, by upstream's names; the lease is named, which upstream forgets. */
public final class LeaseMetrics implements TermWatcher {
  private final Metrics.Level leads;
  private final Metrics.Tally slow;

  public LeaseMetrics(Metrics metrics) {
    leads =
        metrics.level(
            "leader_election_master_status",
            "Gauge of if the reporting system is master of the relevant lease, 0 indicates backup,"
                + " 1 indicates master. 'name' is the string used to identify the lease. Please"
                + " make sure to group by name.",
            "name");
    slow =
        metrics.tally(
            "leader_election_slowpath_total",
            "Total number of slow path exercised in renewing leader leases. 'name' is the string"
                + " used to identify the lease. Please make sure to group by name.",
            "name");
  }

  @Override
  public void stands(Candidate candidate) {
    leads.is(0, candidate.lease().name());
  }

  @Override
  public void began(Candidate candidate, Meta lease) {
    leads.is(1, candidate.lease().name());
  }

  @Override
  public void renewedSlowly(Candidate candidate) {
    slow.add(candidate.lease().name());
  }

  @Override
  public void stopped(Candidate candidate, Meta lease) {
    leads.is(0, candidate.lease().name());
  }
}
