package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.cluster.Surroundings;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.options.Flags.Presence;
import java.time.Duration;
import java.util.Optional;

/**
 * One provisioner on each node.
 *
 * @param contests whether claims that no scheduler gives to a node are taken, too
 */
record NodeOptions(String node, boolean contests, Duration baseDelay, Duration maxDelay) {

  /** Empty where one provisioner serves all nodes. All flags are asked for either way. */
  static Optional<NodeOptions> from(Flags flags, Surroundings here) {
    var enabled = flags.truth("node-deployment", Presence.OFF, "serve the node of NODE_NAME only");
    var contests =
        flags.truth(
            "node-deployment-immediate-binding",
            Presence.ON,
            "take claims that no scheduler gives to a node, too");
    var base =
        flags.duration(
            "node-deployment-base-delay",
            Duration.ofSeconds(20),
            "how long a node waits before it takes such a claim, at first");
    var max = flags.duration("node-deployment-max-delay", Duration.ofSeconds(60), "and at last");
    flags.require(
        max.compareTo(base) >= 0,
        "node-deployment-max-delay",
        "no shorter than --node-deployment-base-delay (default 1m)");
    if (!enabled) {
      return Optional.empty();
    }
    flags.require(
        !here.node().isEmpty(),
        "node-deployment",
        "given with the node's name in the environment variable NODE_NAME");
    return Optional.of(new NodeOptions(here.node(), contests, base, max));
  }
}
