package io.csi4j.e2e.sandbox.actors.scheduling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.actors.cluster.Client;
import io.csi4j.e2e.sandbox.actors.cluster.Events;
import io.csi4j.e2e.sandbox.actors.cluster.Kind;
import io.csi4j.e2e.sandbox.actors.loop.Actor;
import io.csi4j.e2e.sandbox.actors.loop.Attempts;
import io.csi4j.e2e.sandbox.actors.scheduling.PodFacts.ClaimUse;
import io.csi4j.e2e.sandbox.actors.view.Claim;
import io.csi4j.e2e.sandbox.actors.view.Node;
import io.csi4j.e2e.sandbox.actors.view.Pod;
import io.csi4j.e2e.sandbox.actors.view.View;
import io.csi4j.e2e.sandbox.actors.view.Volume;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.json.Times;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds a node for each pod, with volumes in mind, and has volumes made for it. */
public final class Scheduler implements Actor {
  private static final String NAME = "default-scheduler";

  private final View view;
  private final Client client;
  private final Events events;
  private final NodeFit fit;
  private final Attempts attempts = Attempts.usual();

  /** Which nodes were chosen for a claim before: if they failed, another one gets its chance. */
  private final Map<String, Map<String, Integer>> chosen = new HashMap<>();

  public Scheduler(View view, Client client, Events events) {
    this.view = view;
    this.client = client;
    this.events = events;
    this.fit = new NodeFit(view);
  }

  @Override
  public Instant pass(Instant now) {
    var waiting =
        view.pods().stream()
            .filter(pod -> !pod.scheduled() && !pod.deleting() && !pod.terminated())
            .filter(pod -> Json.text(pod.json(), "spec", "schedulerName").equals(NAME))
            .filter(pod -> Json.at(pod.json(), "spec", "schedulingGates").isEmpty())
            .sorted(
                Comparator.comparing(pod -> Json.text(pod.json(), "metadata", "creationTimestamp")))
            .toList();
    for (var pod : waiting) {
      attempts.attempt(pod.key(), now, () -> schedule(pod, now));
    }
    chosen.keySet().retainAll(new HashSet<>(view.claims().stream().map(Claim::uid).toList()));
    return attempts.next(now);
  }

  private void schedule(Pod pod, Instant now) {
    switch (PodStep.decide(facts(pod))) {
      case PodStep.Unschedulable(var message) -> unschedulable(pod, message, now);
      case PodStep.SelectNode(var node, var claims) ->
          claims.forEach(claim -> prepare(claim, node));
      case PodStep.AwaitBinding _ -> {}
      case PodStep.BindPod(var node) -> bind(pod, node);
    }
  }

  private PodFacts facts(Pod pod) {
    var claims =
        pod.volumes().stream()
            .flatMap(volume -> use(pod, volume.claimName(pod.name()), volume.ephemeral()))
            .toList();
    var nodes =
        view.nodes().stream()
            .sorted(
                Comparator.comparingInt((Node node) -> tries(claims, node))
                    .thenComparingLong(this::load))
            .map(node -> new PodFacts.Choice(node, fit.refusal(pod, claims, node)))
            .toList();
    return new PodFacts(pod, claims, nodes, elsewhere(pod, claims));
  }

  private Stream<ClaimUse> use(Pod pod, String name, boolean ephemeral) {
    if (name.isEmpty()) {
      return Stream.empty();
    }
    var claim = view.claim(pod.namespace(), name).filter(each -> !ephemeral || owned(each, pod));
    return Stream.of(
        new ClaimUse(
            name,
            claim,
            claim.flatMap(each -> view.storageClass(each.className())),
            claim.flatMap(view::boundVolume)));
  }

  private static boolean owned(Claim claim, Pod pod) {
    return Json.items(claim.json(), "metadata", "ownerReferences")
        .anyMatch(owner -> Json.text(owner, "uid").equals(pod.uid()));
  }

  private boolean elsewhere(Pod pod, List<ClaimUse> claims) {
    return claims.stream()
        .flatMap(use -> use.claim().stream())
        .filter(claim -> claim.accessModes().contains("ReadWriteOncePod"))
        .anyMatch(
            claim ->
                view.pods().stream()
                    .anyMatch(
                        other ->
                            other.active()
                                && !Objects.equals(other.uid(), pod.uid())
                                && other.uses(claim)));
  }

  private int tries(List<ClaimUse> claims, Node node) {
    return claims.stream()
        .flatMap(use -> use.claim().stream())
        .mapToInt(claim -> chosen.getOrDefault(claim.uid(), Map.of()).getOrDefault(node.name(), 0))
        .sum();
  }

  private long load(Node node) {
    return view.pods().stream()
        .filter(pod -> pod.active() && pod.nodeName().equals(node.name()))
        .count();
  }

  /** Reserves a volume that is there, or names the node for which one shall be made. */
  private void prepare(Claim claim, Node node) {
    var existing = fit.existing(claim, node);
    if (existing.isPresent()) {
      reserve(existing.get(), claim);
      return;
    }
    chosen.computeIfAbsent(claim.uid(), _ -> new HashMap<>()).merge(node.name(), 1, Integer::sum);
    var patch = Client.patchOf(claim.json());
    Json.child(patch, "metadata").putObject("annotations").put(Claim.SELECTED_NODE, node.name());
    client.patch(Kind.CLAIM, claim.namespace(), claim.name(), patch);
  }

  private void reserve(Volume volume, Claim claim) {
    var patch = Client.patchOf(volume.json());
    var reference = patch.putObject("spec").putObject("claimRef");
    reference.put("kind", "PersistentVolumeClaim").put("apiVersion", "v1");
    reference.put("namespace", claim.namespace()).put("name", claim.name());
    reference.put("uid", claim.uid());
    Json.child(patch, "metadata").putObject("annotations").put(Claim.BOUND_BY_CONTROLLER, "yes");
    client.patch(Kind.VOLUME, "", volume.name(), patch);
  }

  private void bind(Pod pod, String node) {
    var binding = Json.object().put("apiVersion", "v1").put("kind", "Binding");
    binding.putObject("metadata").put("name", pod.name()).put("namespace", pod.namespace());
    binding.putObject("target").put("apiVersion", "v1").put("kind", "Node").put("name", node);
    client.createPart(Kind.POD, pod.namespace(), pod.name(), "binding", binding);
    events.normal(
        Kind.POD,
        pod.json(),
        "Scheduled",
        "Successfully assigned %s to %s".formatted(pod.key(), node));
  }

  private void unschedulable(Pod pod, String message, Instant now) {
    var known =
        condition(pod)
            .filter(
                each ->
                    Json.text(each, "status").equals("False")
                        && Json.text(each, "message").equals(message));
    if (known.isEmpty()) {
      var patch = Json.object();
      patch
          .putObject("status")
          .putArray("conditions")
          .addObject()
          .put("type", "PodScheduled")
          .put("status", "False")
          .put("reason", "Unschedulable")
          .put("message", message)
          .put("lastTransitionTime", Times.text(now));
      client.patchStatus(Kind.POD, pod.namespace(), pod.name(), patch);
    }
    events.warning(Kind.POD, pod.json(), "FailedScheduling", message);
  }

  private static Optional<ObjectNode> condition(Pod pod) {
    return Json.items(pod.json(), "status", "conditions")
        .filter(each -> Json.text(each, "type").equals("PodScheduled"))
        .map(ObjectNode.class::cast)
        .findFirst();
  }
}
