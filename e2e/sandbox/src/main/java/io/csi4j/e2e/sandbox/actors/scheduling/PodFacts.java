package io.csi4j.e2e.sandbox.actors.scheduling;

import io.csi4j.e2e.sandbox.actors.view.Claim;
import io.csi4j.e2e.sandbox.actors.view.Node;
import io.csi4j.e2e.sandbox.actors.view.Pod;
import io.csi4j.e2e.sandbox.actors.view.StorageClass;
import io.csi4j.e2e.sandbox.actors.view.Volume;
import java.util.List;
import java.util.Optional;

/**
 * What decides about a pod that waits for a node.
 *
 * @param nodes those that it could run on, best first, and what each says
 * @param elsewhere whether another pod has a claim that only one pod may have
 */
record PodFacts(Pod pod, List<ClaimUse> claims, List<Choice> nodes, boolean elsewhere) {

  PodFacts {
    claims = List.copyOf(claims);
    nodes = List.copyOf(nodes);
  }

  /**
   * A claim of the pod.
   *
   * @param claim empty where there is none of that name, or one that is not the pod's own
   * @param volume the one it is bound to, completely and mutually
   */
  record ClaimUse(
      String name,
      Optional<Claim> claim,
      Optional<StorageClass> storageClass,
      Optional<Volume> volume) {

    boolean waitsForConsumer() {
      return storageClass.filter(StorageClass::waitsForConsumer).isPresent();
    }
  }

  /** A node, and why it will not do; empty where it will. */
  record Choice(Node node, Optional<String> refusal) {}
}
