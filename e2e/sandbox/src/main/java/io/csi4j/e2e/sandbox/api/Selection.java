package io.csi4j.e2e.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.kinds.ResourceType;
import io.csi4j.e2e.sandbox.kinds.ResourceType.Trait;
import io.csi4j.e2e.sandbox.status.ApiFailure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads label and field selectors. */
final class Selection {
  private static final Pattern COMMA_OUTSIDE = Pattern.compile(",(?![^(]*\\))");
  private static final Pattern SET = Pattern.compile("(\\S+)\\s+(in|notin)\\s*\\(([^)]*)\\)");
  private static final List<String> METADATA = List.of("metadata.name", "metadata.namespace");

  /** Besides name and namespace, by the kind's place in the store. */
  private static final Map<String, List<String>> FIELDS =
      Map.of(
          "pods",
          List.of(
              "spec.nodeName",
              "spec.restartPolicy",
              "spec.schedulerName",
              "spec.serviceAccountName",
              "spec.hostNetwork",
              "status.phase",
              "status.podIP",
              "status.nominatedNodeName"),
          "events",
          List.of(
              "involvedObject.kind",
              "involvedObject.namespace",
              "involvedObject.name",
              "involvedObject.uid",
              "involvedObject.apiVersion",
              "involvedObject.resourceVersion",
              "involvedObject.fieldPath",
              "reason",
              "reportingComponent",
              "source",
              "type"),
          "secrets",
          List.of("type"),
          "namespaces",
          List.of("status.phase"),
          "nodes",
          List.of("spec.unschedulable"));

  private Selection() {}

  static boolean isGiven(Request request) {
    return !request.parameter("labelSelector").isEmpty()
        || !request.parameter("fieldSelector").isEmpty();
  }

  /** All objects, where the client selects none. */
  static Predicate<JsonNode> of(Request request, ResourceType type) {
    return labels(request.parameter("labelSelector"))
        .and(fields(request.parameter("fieldSelector"), type));
  }

  static Predicate<JsonNode> labels(String text) {
    Predicate<JsonNode> all = _ -> true;
    if (text.isBlank()) {
      return all;
    }
    for (var part : COMMA_OUTSIDE.split(text, -1)) {
      all = all.and(label(part.strip()));
    }
    return all;
  }

  private static Predicate<JsonNode> label(String part) {
    var set = SET.matcher(part);
    if (set.matches()) {
      var key = set.group(1);
      var values = Arrays.stream(set.group(3).split(",", -1)).map(String::strip).toList();
      return set.group(2).equals("in")
          ? object -> contains(values, label(object, key))
          : object -> !contains(values, label(object, key));
    }
    if (part.startsWith("!")) {
      var key = part.substring(1).strip();
      return object -> label(object, key) == null;
    }
    var pair = pair(part);
    if (pair == null) {
      requireKey(part);
      return object -> label(object, part) != null;
    }
    return pair.equal()
        ? object -> pair.value().equals(label(object, pair.key()))
        : object -> !pair.value().equals(label(object, pair.key()));
  }

  private static boolean contains(List<String> values, @Nullable String value) {
    return value != null && values.contains(value);
  }

  private static @Nullable String label(JsonNode object, String key) {
    var value = Json.at(object, "metadata", "labels").get(key);
    return value == null ? null : value.asText();
  }

  private static void requireKey(String part) {
    if (part.isEmpty() || part.contains(" ") || part.contains("(")) {
      throw ApiFailure.badRequest("unable to parse requirement: found '%s'".formatted(part));
    }
  }

  private static Predicate<JsonNode> fields(String text, ResourceType type) {
    Predicate<JsonNode> all = _ -> true;
    if (text.isBlank()) {
      return all;
    }
    for (var part : text.split(",", -1)) {
      var pair = pair(part.strip());
      if (pair == null) {
        throw ApiFailure.badRequest(
            "invalid selector: '%s'; can't understand '%s'".formatted(text, part));
      }
      if (!known(type).contains(pair.key())) {
        throw ApiFailure.badRequest(
            (type.has(Trait.CUSTOM) || FIELDS.get(type.shelf()) == null
                    ? "\"%s\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
                    : "field label not supported: %s")
                .formatted(pair.key()));
      }
      all = all.and(object -> pair.equal() == field(object, pair.key()).equals(pair.value()));
    }
    return all;
  }

  private static List<String> known(ResourceType type) {
    var known = new ArrayList<>(METADATA);
    known.addAll(FIELDS.getOrDefault(type.shelf(), List.of()));
    return known;
  }

  private static String field(JsonNode object, String field) {
    return switch (field) {
      case "source" -> {
        var source = Json.text(object, "source", "component");
        yield source.isEmpty() ? Json.text(object, "reportingComponent") : source;
      }
      case "spec.unschedulable", "spec.hostNetwork" ->
          Boolean.toString(Json.at(object, field.split("\\.", -1)).asBoolean());
      default -> Json.text(object, field.split("\\.", -1));
    };
  }

  private static @Nullable Pair pair(String part) {
    var unequal = part.indexOf("!=");
    if (unequal > 0) {
      return new Pair(
          part.substring(0, unequal).strip(), part.substring(unequal + 2).strip(), false);
    }
    var equal = part.indexOf('=');
    if (equal <= 0) {
      return null;
    }
    var value = part.substring(equal + 1);
    return new Pair(
        part.substring(0, equal).strip(),
        (value.startsWith("=") ? value.substring(1) : value).strip(),
        true);
  }

  private record Pair(String key, String value, boolean equal) {}
}
