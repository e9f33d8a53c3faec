package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.options.Flags.Presence;
import java.time.Duration;
import java.util.Optional;

/**
 * What is done about volumes whose nodes are gone for good.
 *
 * @param after how long no node must have been able to use a volume
 * @param releases whether a volume that is to be deleted may then go without its driver
 */
record NodeLossOptions(Duration after, boolean releases) {

  /** Empty where nothing is done. All flags are asked for either way. */
  static Optional<NodeLossOptions> from(Flags flags) {
    var after =
        flags.duration(
            "node-loss-after",
            Duration.ZERO,
            "tell on volumes when no node could use them for so long, as their nodes are gone; 0"
                + " is never");
    var releases =
        flags.truth(
            "node-loss-release-finalizer",
            Presence.OFF,
            "then let such volumes go, too, when somebody deletes them: the driver is not asked");
    flags.require(
        !releases || !after.isZero(),
        "node-loss-release-finalizer",
        "given with --node-loss-after, such as 1h");
    return after.isZero() ? Optional.empty() : Optional.of(new NodeLossOptions(after, releases));
  }
}
