package io.csi4j.e2e.sandbox.actors.scheduling;

import io.csi4j.e2e.sandbox.actors.scheduling.PodFacts.ClaimUse;
import io.csi4j.e2e.sandbox.actors.view.Claim;
import io.csi4j.e2e.sandbox.actors.view.Node;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the scheduler does next for a pod. Pure. */
sealed interface PodStep {

  /** No node will do, for now. */
  record Unschedulable(String message) implements PodStep {}

  /** The claims are to get volumes for this node. */
  record SelectNode(Node node, List<Claim> claims) implements PodStep {}

  /** The claims' volumes are on their way. */
  record AwaitBinding(String node) implements PodStep {}

  /** The pod goes there. */
  record BindPod(String node) implements PodStep {}

  static PodStep decide(PodFacts facts) {
    for (var use : facts.claims()) {
      var trouble = trouble(use);
      if (!trouble.isEmpty()) {
        return new Unschedulable(trouble);
      }
    }
    if (facts.elsewhere()) {
      return new Unschedulable(
          "0/%d nodes are available: node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode."
              .formatted(facts.nodes().size()));
    }
    var open = open(facts);
    var selected =
        open.stream().map(Claim::selectedNode).filter(node -> !node.isEmpty()).findFirst();
    if (selected.isPresent()) {
      return onWay(facts, open, selected.get());
    }
    var found = facts.nodes().stream().filter(choice -> choice.refusal().isEmpty()).findFirst();
    if (found.isEmpty()) {
      return new Unschedulable(refusals(facts));
    }
    var node = found.get().node();
    return open.isEmpty() ? new BindPod(node.name()) : new SelectNode(node, open);
  }

  /** A node has been chosen before: its claims are awaited, and those that lack it get it. */
  private static PodStep onWay(PodFacts facts, List<Claim> open, String name) {
    var node =
        facts.nodes().stream()
            .map(PodFacts.Choice::node)
            .filter(each -> each.name().equals(name))
            .findFirst();
    var unasked = open.stream().filter(claim -> claim.selectedNode().isEmpty()).toList();
    return node.isPresent() && !unasked.isEmpty()
        ? new SelectNode(node.get(), unasked)
        : new AwaitBinding(name);
  }

  private static List<Claim> open(PodFacts facts) {
    return facts.claims().stream()
        .filter(use -> use.volume().isEmpty())
        .flatMap(use -> use.claim().stream())
        .toList();
  }

  private static String trouble(ClaimUse use) {
    if (use.claim().isEmpty()) {
      return "persistentvolumeclaim \"%s\" not found".formatted(use.name());
    }
    var claim = use.claim().get();
    if (claim.deleting()) {
      return "persistentvolumeclaim \"%s\" is being deleted".formatted(use.name());
    }
    if (claim.phase().equals("Lost")) {
      return "persistentvolumeclaim \"%s\" bound to non-existent persistentvolume \"%s\""
          .formatted(use.name(), claim.volumeName());
    }
    return use.volume().isEmpty() && !use.waitsForConsumer()
        ? "pod has unbound immediate PersistentVolumeClaims"
        : "";
  }

  private static String refusals(PodFacts facts) {
    var counted =
        facts.nodes().stream()
            .flatMap(choice -> choice.refusal().stream())
            .collect(
                Collectors.groupingBy(
                    refusal -> refusal, java.util.TreeMap::new, Collectors.counting()));
    var texts = counted.entrySet().stream().map(PodStep::text).collect(Collectors.joining(", "));
    return "0/%d nodes are available: %s.".formatted(facts.nodes().size(), texts);
  }

  private static String text(Map.Entry<String, Long> refusal) {
    return refusal.getValue() + " " + refusal.getKey();
  }
}
