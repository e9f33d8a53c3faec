package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.cluster.Node;
import io.csi4j.sidecars.kit.cluster.Volume;
import java.time.Duration;
import java.util.List;

/** What the loss of nodes means for a volume. Pure: no I/O, no clock, no log. */
sealed interface NodeLossStep {

  /** The node may come back. */
  record Wait(Duration left) implements NodeLossStep {}

  /** Whoever looks at the volume shall know. */
  record Tell(String reason) implements NodeLossStep {}

  /** The same, and nobody is left who could delete it: its object may go. */
  record Release(String reason) implements NodeLossStep {}

  /**
   * All that the decision may look at.
   *
   * @param lostFor since when it has been {@link #isLost lost}
   */
  record Facts(Volume volume, Duration lostFor, NodeLossOptions options) {}

  static NodeLossStep decide(Facts facts) {
    var left = facts.options().after().minus(facts.lostFor());
    if (left.isPositive()) {
      return new Wait(left);
    }
    var volume = facts.volume();
    var reason = "no node is left that can use this volume, which needs " + place(volume);
    return facts.options().releases()
            && volume.meta().deleting()
            && volume.phase().equals("Released")
            && volume.meta().hasFinalizer(Names.VOLUME_FINALIZER)
        ? new Release(reason)
        : new Tell(reason);
  }

  /**
   * Whether no node can use the volume. Where no nodes are known at all, or the volume names its
   * nodes in a way that is not understood here, nothing is known.
   */
  static boolean isLost(Volume volume, String driver, List<Node> nodes) {
    return DeletionStep.isOurs(volume, driver)
        && !nodes.isEmpty()
        && !volume.affinity().isEmpty()
        && volume.affinity().stream().noneMatch(term -> term.requirements().isEmpty())
        && nodes.stream()
            .noneMatch(
                node ->
                    volume.affinity().stream().anyMatch(term -> term.holds(node.meta().labels())));
  }

  private static String place(Volume volume) {
    var first = volume.affinity().getFirst().requirements().getFirst();
    return "%s %s %s".formatted(first.key(), first.operator(), String.join(",", first.values()));
  }
}
