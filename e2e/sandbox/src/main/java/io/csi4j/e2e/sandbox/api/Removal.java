package io.csi4j.e2e.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.json.Times;
import io.csi4j.e2e.sandbox.kinds.ResourceType;
import io.csi4j.e2e.sandbox.kinds.ResourceType.Trait;
import io.csi4j.e2e.sandbox.rules.Finalizers;
import io.csi4j.e2e.sandbox.status.ApiFailure;
import io.csi4j.e2e.sandbox.store.Entry;
import io.csi4j.e2e.sandbox.store.Transition;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** DELETE: at once, or when the last finalizer has gone and the grace period is over. */
final class Removal {
  static final String FOREGROUND = "foregroundDeletion";
  static final String ORPHAN = "orphan";

  private final Holdings holdings;

  Removal(Holdings holdings) {
    this.holdings = holdings;
  }

  /** Whether an object in deletion has nothing left that holds it. */
  static boolean isDue(ResourceType type, JsonNode object) {
    return Metadata.deleting(object)
        && !Metadata.hasFinalizers(object)
        && !(type.shelf().equals("namespaces") && !Json.at(object, "spec", "finalizers").isEmpty())
        && Json.at(object, "metadata", "deletionGracePeriodSeconds").asLong() == 0;
  }

  Answer delete(Target target, Request request) {
    var options = DeleteOptions.of(request);
    var removed = new AtomicReference<@Nullable ObjectNode>();
    var answer =
        new Draft(holdings, target, request)
            .write(
                200,
                before -> {
                  if (before == null) {
                    throw ApiFailure.notFound(target.subject());
                  }
                  var next = decide(target, before, options);
                  if (next instanceof Transition.Remove(var last)) {
                    removed.set(last);
                  }
                  return next;
                },
                List.of());
    var gone = removed.get();
    return gone == null || target.type().has(Trait.RETURNS_DELETED)
        ? answer
        : Answer.json(200, success(target, gone));
  }

  private static ObjectNode success(Target target, ObjectNode gone) {
    var status = Json.object().put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    status.put("status", "Success");
    var details = status.putObject("details").put("name", target.name());
    if (!target.type().group().isEmpty()) {
      details.put("group", target.type().group());
    }
    details.put("kind", target.type().plural()).put("uid", Json.text(gone, "metadata", "uid"));
    return status;
  }

  private Transition decide(Target target, Entry before, DeleteOptions options) {
    var old = before.object();
    options.require(old, target.subject());
    var grace = graceSeconds(target.type(), old, options);
    if (Metadata.deleting(old)) {
      return again(target, before, grace);
    }
    var next = before.copy();
    guard(target.type(), next, options);
    var metadata = Metadata.of(next);
    var held =
        Metadata.hasFinalizers(next) || grace > 0 || target.type().shelf().equals("namespaces");
    if (!held) {
      return new Transition.Remove(next);
    }
    metadata.put("deletionTimestamp", Times.text(holdings.now().plusSeconds(grace)));
    metadata.put("deletionGracePeriodSeconds", grace);
    if (metadata.has("generation")) {
      metadata.put("generation", metadata.path("generation").asLong() + 1);
    }
    if (target.type().shelf().equals("namespaces")) {
      // A namespace's own finalizer is in its specification; the grace period is of no use to it.
      metadata.remove("deletionGracePeriodSeconds");
      Json.child(next, "status").put("phase", "Terminating");
    }
    return new Transition.Put(Incoming.ordered(next, target.type()));
  }

  /** A second deletion may only shorten the grace period. */
  private Transition again(Target target, Entry before, long grace) {
    var left = Json.at(before.object(), "metadata", "deletionGracePeriodSeconds").asLong();
    if (grace >= left) {
      return new Transition.Keep();
    }
    var next = before.copy();
    Metadata.of(next)
        .put("deletionTimestamp", Times.text(holdings.now().plusSeconds(grace)))
        .put("deletionGracePeriodSeconds", grace);
    return isDue(target.type(), next) ? new Transition.Remove(next) : new Transition.Put(next);
  }

  /** The garbage collector takes these finalizers away when it has done what they ask for. */
  private static void guard(ResourceType type, ObjectNode object, DeleteOptions options) {
    if (type.shelf().equals("customresourcedefinitions.apiextensions.k8s.io")) {
      Finalizers.add(object, "customresourcecleanup.apiextensions.k8s.io");
    }
    switch (options.propagation()) {
      case "Foreground" -> Finalizers.add(object, FOREGROUND);
      case "Orphan" -> Finalizers.add(object, ORPHAN);
      default -> {}
    }
  }

  /** Pods end in their own time, if a kubelet has them. */
  private static long graceSeconds(ResourceType type, JsonNode old, DeleteOptions options) {
    var ended = List.of("Succeeded", "Failed").contains(Json.text(old, "status", "phase"));
    if (!type.shelf().equals("pods") || Json.text(old, "spec", "nodeName").isEmpty() || ended) {
      return 0;
    }
    return options.graceSeconds() >= 0
        ? options.graceSeconds()
        : Json.at(old, "spec", "terminationGracePeriodSeconds").asLong();
  }
}
