package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.kit.metrics.Metrics;
import java.util.Locale;

/** What an operator sees of the attacher beyond what all sidecars show. */
final class PaceMetrics {
  private final Metrics.Level inFlight;
  private final Metrics.Level limit;
  private final Metrics.Level unwell;
  private final Metrics.Tally doubts;

  PaceMetrics(Metrics metrics) {
    inFlight =
        metrics.level(
            "csi4j_attacher_calls_in_flight",
            "Calls that the driver has not answered yet.",
            "lane");
    limit =
        metrics.level(
            "csi4j_attacher_attachments_in_work_limit",
            "Attachments that may be worked on at the same time.",
            "lane");
    unwell =
        metrics.level(
            "csi4j_attacher_unwell_nodes", "Nodes whose last call has missed its deadline.");
    doubts =
        metrics.tally(
            "csi4j_attacher_doubts_total",
            "Attachments whose settled status the driver's list of volumes has contradicted.");
  }

  void calls(Lane lane, int now, int limitNow) {
    inFlight.is(now, label(lane));
    limit.is(limitNow, label(lane));
  }

  void unwellNodes(int now) {
    unwell.is(now);
  }

  void doubted() {
    doubts.add();
  }

  private static String label(Lane lane) {
    return lane.name().toLowerCase(Locale.ROOT);
  }
}
