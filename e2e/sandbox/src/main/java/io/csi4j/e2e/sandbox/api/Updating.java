package io.csi4j.e2e.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.kinds.ResourceType;
import io.csi4j.e2e.sandbox.kinds.ResourceType.Trait;
import io.csi4j.e2e.sandbox.patch.JsonPatch;
import io.csi4j.e2e.sandbox.patch.MergePatch;
import io.csi4j.e2e.sandbox.patch.SameJson;
import io.csi4j.e2e.sandbox.patch.StrategicPatch;
import io.csi4j.e2e.sandbox.rules.Complaints;
import io.csi4j.e2e.sandbox.rules.RuleBook;
import io.csi4j.e2e.sandbox.rules.Shape;
import io.csi4j.e2e.sandbox.status.ApiFailure;
import io.csi4j.e2e.sandbox.status.FieldError;
import io.csi4j.e2e.sandbox.store.Entry;
import io.csi4j.e2e.sandbox.store.Transition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** PUT and PATCH, of objects and of their parts. */
final class Updating {
  private static final String JSON_PATCH = "application/json-patch+json";
  private static final String MERGE_PATCH = "application/merge-patch+json";
  private static final String STRATEGIC_PATCH = "application/strategic-merge-patch+json";

  private final Holdings holdings;
  private final Creation creation;

  Updating(Holdings holdings, Creation creation) {
    this.holdings = holdings;
    this.creation = creation;
  }

  Answer update(Target target, Request request) {
    var type = target.type();
    var object = Incoming.object(request, type);
    sameName(target, object);
    if (EventForm.isEvent(type)) {
      EventForm.stored(object);
    }
    var warnings = Incoming.read(object, stored(type), request);
    if (type.has(Trait.CREATE_ON_UPDATE)
        && target.is("")
        && holdings.store().get(type.shelf(), target.key()).isEmpty()) {
      return creation.put(target.named(""), object, request);
    }
    return new Draft(holdings, target, request)
        .write(
            200,
            before -> {
              var old = required(before, target);
              Metadata.precondition(old.object(), object, type, target.subject());
              Metadata.sameObject(old.object(), object, target.subject());
              return updated(target, old, object.deepCopy());
            },
            warnings);
  }

  Answer patch(Target target, Request request) {
    var type = target.type();
    var contentType = request.contentType();
    var supported =
        contentType.equals(JSON_PATCH)
            || contentType.equals(MERGE_PATCH)
            || (contentType.equals(STRATEGIC_PATCH) && !type.has(Trait.CUSTOM));
    if (!supported) {
      throw ApiFailure.unsupportedMediaType(
          JSON_PATCH + ", " + MERGE_PATCH + (type.has(Trait.CUSTOM) ? "" : ", " + STRATEGIC_PATCH));
    }
    var patch = Incoming.tree(request);
    var warnings = new ArrayList<String>();
    return new Draft(holdings, target, request)
        .write(
            200,
            before -> {
              var old = required(before, target);
              var object = patched(old, patch, contentType, type);
              warnings.clear();
              warnings.addAll(normalised(object, type, request));
              sameName(target, object);
              if (Json.text(object, "metadata", "resourceVersion").isEmpty()) {
                Json.take(Metadata.of(object), "resourceVersion", old.object().path("metadata"));
              }
              Metadata.precondition(old.object(), object, type, target.subject());
              return updated(target, old, object);
            },
            warnings);
  }

  private static ObjectNode patched(
      Entry old, JsonNode patch, String contentType, ResourceType type) {
    var object = old.copy();
    switch (contentType) {
      case JSON_PATCH -> JsonPatch.apply(object, patch);
      case STRATEGIC_PATCH -> StrategicPatch.apply(object, requireObject(patch), type.fields());
      default -> MergePatch.apply(object, requireObject(patch));
    }
    return object;
  }

  private static JsonNode requireObject(JsonNode patch) {
    if (!patch.isObject()) {
      throw ApiFailure.badRequest("error decoding patch: the patch is not an object");
    }
    return patch;
  }

  private ResourceType stored(ResourceType type) {
    return EventForm.isEvent(type) ? holdings.kinds().builtIn("", "events") : type;
  }

  /** What a patch makes of an object is not the body of the request: 422, not 400. */
  private List<String> normalised(ObjectNode object, ResourceType type, Request request) {
    try {
      return Incoming.normalise(object, stored(type), request);
    } catch (Shape.WrongType wrong) {
      throw ApiFailure.of(
          422, "Invalid", " \"\" is invalid: patch: Invalid value: " + wrong.getMessage());
    }
  }

  private static Entry required(@Nullable Entry entry, Target target) {
    if (entry == null) {
      throw ApiFailure.notFound(target.subject());
    }
    return entry;
  }

  private static void sameName(Target target, ObjectNode object) {
    var name = Metadata.name(object);
    if (!name.equals(target.name())) {
      throw ApiFailure.badRequest(
          "the name of the object (%s) does not match the name on the URL (%s)"
              .formatted(name.isEmpty() ? "" : name, target.name()));
    }
    var namespace = Json.text(object, "metadata", "namespace");
    if (!namespace.isEmpty() && !namespace.equals(target.namespace())) {
      throw ApiFailure.badRequest(
          "the namespace of the provided object does not match the namespace sent on the request");
    }
  }

  /** What a write of the whole object, or of a part, makes of the old one. */
  private Transition updated(Target target, Entry old, ObjectNode object) {
    var type = target.type();
    var before = old.object();
    var touched = Metadata.immutable(before, object);
    Metadata.inherit(before, object);
    var next =
        Incoming.ordered(
            target.is("status") ? onlyStatus(before, object, type) : object, stored(type));
    if (target.is("") && type.has(Trait.STATUS)) {
      Json.take(next, "status", before);
    }
    var rules = RuleBook.of(type);
    if (target.is("finalize")) {
      next.set("spec", object.path("spec").deepCopy());
    } else {
      RuleBook.complete(type, next);
      rules.prepareUpdate(before, next, holdings);
    }
    check(target, before, next, touched);
    return transition(target, before, next);
  }

  private static ObjectNode onlyStatus(ObjectNode before, ObjectNode object, ResourceType type) {
    var next = before.deepCopy();
    Json.take(next, "status", object);
    if (type.has(Trait.STATUS_WRITES_METADATA)) {
      next.set("metadata", object.path("metadata"));
    }
    return next;
  }

  private void check(Target target, ObjectNode before, ObjectNode next, List<FieldError> touched) {
    var type = target.type();
    var rules = RuleBook.of(type);
    var errors = new ArrayList<>(MetadataRules.check(type, next));
    errors.addAll(touched);
    errors.addAll(MetadataRules.checkUpdate(before, next));
    var complaints = new Complaints();
    if (target.is("")) {
      rules.check(type, next, complaints);
      rules.checkUpdate(before, next, complaints);
    }
    errors.addAll(complaints.errors());
    // Admission comes before validation.
    var refusals = target.is("") ? rules.admitUpdate(before, next, holdings) : List.<String>of();
    if (!refusals.isEmpty()) {
      throw ApiFailure.forbidden(target.subject(), refusals.getFirst());
    }
    if (!errors.isEmpty()) {
      throw ApiFailure.invalid(target.subject(), errors);
    }
  }

  private static Transition transition(Target target, ObjectNode before, ObjectNode next) {
    Json.take(Metadata.of(next), "resourceVersion", before.path("metadata"));
    if (SameJson.same(before, next)) {
      return new Transition.Keep();
    }
    if (target.is("")
        && target.type().has(Trait.GENERATION)
        && changedBeyondMetadata(before, next)) {
      var metadata = Metadata.of(next);
      metadata.put("generation", metadata.path("generation").asLong() + 1);
    }
    return Removal.isDue(target.type(), next)
        ? new Transition.Remove(next)
        : new Transition.Put(next);
  }

  private static boolean changedBeyondMetadata(ObjectNode before, ObjectNode next) {
    var rest = List.of("metadata", "status");
    return !SameJson.same(before.deepCopy().without(rest), next.deepCopy().without(rest));
  }
}
