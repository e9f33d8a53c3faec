package io.csi4j.e2e.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.kinds.ResourceType;
import io.csi4j.e2e.sandbox.kinds.ResourceType.Trait;
import io.csi4j.e2e.sandbox.rules.Complaints;
import io.csi4j.e2e.sandbox.rules.RuleBook;
import io.csi4j.e2e.sandbox.status.ApiFailure;
import io.csi4j.e2e.sandbox.store.Transition;
import java.util.ArrayList;

/** Makes new objects. */
final class Creation {
  private final Holdings holdings;

  Creation(Holdings holdings) {
    this.holdings = holdings;
  }

  Answer create(Target collection, Request request) {
    var type = collection.type();
    var object = Incoming.object(request, type);
    sameNamespace(collection, object);
    if (EventForm.isEvent(type)) {
      EventForm.stored(object);
    }
    return put(collection, object, request);
  }

  /** For a PUT on what is not there, too. */
  Answer put(Target collection, ObjectNode object, Request request) {
    var type = collection.type();
    var warnings = Incoming.read(object, stored(type), request);
    var complete = complete(object, collection, type);
    var target = collection.named(Metadata.name(complete));
    var draft = new Draft(holdings, target, request);
    return draft.write(
        201,
        before -> {
          requireNamespace(target);
          if (before != null) {
            throw ApiFailure.alreadyExists(target.subject());
          }
          return new Transition.Put(complete);
        },
        warnings);
  }

  /** Events come in two forms and have one. */
  private ResourceType stored(ResourceType type) {
    return EventForm.isEvent(type) ? holdings.kinds().builtIn("", "events") : type;
  }

  private ObjectNode complete(ObjectNode object, Target collection, ResourceType type) {
    var ordered = Incoming.ordered(object, stored(type));
    Metadata.begin(ordered, collection, holdings);
    if (type.has(Trait.STATUS)) {
      ordered.remove("status");
    }
    var rules = RuleBook.of(type);
    RuleBook.complete(type, ordered);
    rules.prepareCreate(ordered, holdings);
    var errors = new ArrayList<>(MetadataRules.check(type, ordered));
    var complaints = new Complaints();
    rules.check(type, ordered, complaints);
    errors.addAll(complaints.errors());
    if (type.group().equals(EventForm.GROUP)) {
      errors.addAll(EventForm.check(ordered));
    }
    if (!errors.isEmpty()) {
      throw ApiFailure.invalid(type.subject(Metadata.name(ordered)), errors);
    }
    return ordered;
  }

  private static void sameNamespace(Target collection, ObjectNode object) {
    var named = Json.text(object, "metadata", "namespace");
    if (collection.type().namespaced()
        && !named.isEmpty()
        && !named.equals(collection.namespace())) {
      throw ApiFailure.badRequest(
          "the namespace of the provided object does not match the namespace sent on the request");
    }
  }

  private void requireNamespace(Target target) {
    if (!target.type().namespaced()) {
      return;
    }
    var name = target.namespace();
    var namespaces = holdings.kinds().builtIn("", "namespaces");
    var found =
        holdings
            .find("", "namespaces", "", name)
            .orElseThrow(() -> ApiFailure.notFound(namespaces.subject(name)));
    if (Metadata.deleting(found)) {
      throw ApiFailure.forbidden(
              target.subject(),
              "unable to create new content in namespace %s because it is being terminated"
                  .formatted(name))
          .withCause(
              "NamespaceTerminating",
              "namespace %s is being terminated".formatted(name),
              "metadata.namespace");
    }
  }
}
