package io.csi4j.e2e.sandbox.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.kinds.ResourceType;
import io.csi4j.e2e.sandbox.kinds.ResourceType.Trait;
import io.csi4j.e2e.sandbox.rules.Shape;
import io.csi4j.e2e.sandbox.status.ApiFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Turns a request's body into an object of the kind that its path names. */
final class Incoming {

  private Incoming() {}

  static ObjectNode object(Request request, ResourceType type) {
    if (!List.of("", "application/json").contains(request.contentType())) {
      throw ApiFailure.unsupportedMediaType("application/json");
    }
    if (!(tree(request) instanceof ObjectNode object)) {
      throw ApiFailure.badRequest("the body of the request is not an object");
    }
    named(object, type);
    return object;
  }

  static JsonNode tree(Request request) {
    try {
      return Json.parse(request.body());
    } catch (JsonProcessingException e) {
      throw ApiFailure.badRequest("the body of the request is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void named(ObjectNode object, ResourceType type) {
    var kind = Json.text(object, "kind");
    var apiVersion = Json.text(object, "apiVersion");
    if (kind.isEmpty() && type.has(Trait.CUSTOM)) {
      throw ApiFailure.badRequest("Object 'Kind' is missing in '%s'".formatted(object));
    }
    var fits =
        (kind.isEmpty() || kind.equals(type.kind()))
            && (apiVersion.isEmpty() || apiVersion.equals(type.apiVersion()));
    if (!fits) {
      throw ApiFailure.badRequest(
          "%s in version \"%s\" cannot be handled as a %s: no kind \"%s\" is registered for version \"%s\""
              .formatted(kind, apiVersion, type.kind(), kind, apiVersion));
    }
  }

  /** The same for the body of a request, where a wrong type is the client's mistake. */
  static List<String> read(ObjectNode object, ResourceType type, Request request) {
    try {
      return normalise(object, type, request);
    } catch (Shape.WrongType wrong) {
      throw ApiFailure.badRequest(
          "%s in version \"%s\" cannot be handled as a %s: %s"
              .formatted(type.kind(), type.version(), type.kind(), wrong.getMessage()));
    }
  }

  /** Drops what nobody knows, or refuses it where the client wants to be told. */
  static List<String> normalise(ObjectNode object, ResourceType type, Request request) {
    var unknown =
        type.has(Trait.CUSTOM)
            ? Shape.prune(object, type.fields())
            : Shape.normalise(object, type.fields());
    if (unknown.isEmpty()) {
      return List.of();
    }
    var complaints = unknown.stream().map("unknown field \"%s\""::formatted).toList();
    if (request.parameter("fieldValidation").equals("Strict")) {
      throw ApiFailure.badRequest(
          "%s in version \"%s\" cannot be handled as a %s: strict decoding error: %s"
              .formatted(type.kind(), type.version(), type.kind(), String.join(", ", complaints)));
    }
    return request.parameter("fieldValidation").equals("Ignore") ? List.of() : complaints;
  }

  /** The members in the order in which the API server writes them. */
  static ObjectNode ordered(ObjectNode object, ResourceType type) {
    var ordered = Json.object().put("kind", type.kind()).put("apiVersion", type.apiVersion());
    ordered.set("metadata", object.path("metadata"));
    for (var name : Json.names(object)) {
      if (!ordered.has(name)) {
        ordered.set(name, object.get(name));
      }
    }
    return ordered;
  }
}
