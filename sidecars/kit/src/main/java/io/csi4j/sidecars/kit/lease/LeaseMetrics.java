package io.csi4j.sidecars.kit.lease;

import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.metrics.Metrics;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;

/** Who leads, by upstream's names; the lease is named, which upstream forgets. */
public final class LeaseMetrics implements TermWatcher {
  private final Gauge leads;
  private final Counter slow;

  public LeaseMetrics(Metrics metrics) {
    leads =
        Gauge.builder()
            .name("leader_election_master_status")
            .help(
                "Gauge of if the reporting system is master of the relevant lease, 0 indicates"
                    + " backup, 1 indicates master. 'name' is the string used to identify the"
                    + " lease. Please make sure to group by name.")
            .labelNames("name")
            .register(metrics.registry());
    slow =
        Counter.builder()
            .name("leader_election_slowpath_total")
            .help(
                "Total number of slow path exercised in renewing leader leases. 'name' is the"
                    + " string used to identify the lease. Please make sure to group by name.")
            .labelNames("name")
            .register(metrics.registry());
  }

  @Override
  public void stands(Candidate candidate) {
    leads.labelValues(candidate.lease().name()).set(0);
  }

  @Override
  public void began(Candidate candidate, Meta lease) {
    leads.labelValues(candidate.lease().name()).set(1);
  }

  @Override
  public void renewedSlowly(Candidate candidate) {
    slow.labelValues(candidate.lease().name()).inc();
  }

  @Override
  public void stopped(Candidate candidate, Meta lease) {
    leads.labelValues(candidate.lease().name()).set(0);
  }
}
