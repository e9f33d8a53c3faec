package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.cluster.Node;
import io.csi4j.sidecars.kit.cluster.Volume;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the loss of nodes means for a volume. Pure: no I/O, no clock, no log. */
sealed interface NodeLossStep {

  /** Not yet: the node may come back, or what was told is not written yet. */
  record Wait(Duration left) implements NodeLossStep {}

  /** Whoever looks at the volume shall know. */
  record Tell(String reason) implements NodeLossStep {}

  /** The same, and nobody is left who could delete it: its object is to go, when that is told. */
  record Announce(String reason) implements NodeLossStep {}

  /** It may go now. */
  record Release() implements NodeLossStep {}

  /**
   * Between telling that a volume goes and letting it go. An event is written soon, not at once:
   * who died in between would leave neither the volume nor a word of it.
   */
  Duration ANNOUNCED_BEFORE = Duration.ofSeconds(5);

  /**
   * All that the decision may look at.
   *
   * @param lostFor since when it has been {@link #isLost lost}
   * @param announcedFor since when it has been told that it goes; empty where it has not
   */
  record Facts(
      Volume volume, Duration lostFor, Optional<Duration> announcedFor, NodeLossOptions options) {}

  static NodeLossStep decide(Facts facts) {
    var left = facts.options().after().minus(facts.lostFor());
    if (left.isPositive()) {
      return new Wait(left);
    }
    var volume = facts.volume();
    var reason = "no node is left that can use this volume, which needs " + place(volume);
    if (!facts.options().releases() || !isToGo(volume)) {
      return new Tell(reason);
    }
    if (facts.announcedFor().isEmpty()) {
      return new Announce(reason + "; it is let go without being deleted by the driver");
    }
    var pause = ANNOUNCED_BEFORE.minus(facts.announcedFor().get());
    return pause.isPositive() ? new Wait(pause) : new Release();
  }

  private static boolean isToGo(Volume volume) {
    return volume.meta().deleting()
        && volume.phase().equals("Released")
        && volume.meta().hasFinalizer(Names.VOLUME_FINALIZER);
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
