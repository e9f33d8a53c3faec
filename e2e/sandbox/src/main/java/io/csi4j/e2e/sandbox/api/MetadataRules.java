package io.csi4j.e2e.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.kinds.ResourceType;
import io.csi4j.e2e.sandbox.status.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What every object's metadata must fulfil. */
final class MetadataRules {
  private static final String LABEL_SHAPE = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  private static final Pattern LABEL = Pattern.compile(LABEL_SHAPE);
  private static final Pattern SUBDOMAIN =
      Pattern.compile(LABEL_SHAPE + "(\\." + LABEL_SHAPE + ")*");
  private static final String WORD_SHAPE = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
  private static final Pattern WORD = Pattern.compile(WORD_SHAPE);
  private static final int LABEL_LENGTH_MAX = 63;
  private static final int SUBDOMAIN_LENGTH_MAX = 253;
  private static final int ANNOTATION_BYTES_MAX = 256 * 1024;
  private static final String RBAC = "rbac.authorization.k8s.io";

  private final List<FieldError> errors = new ArrayList<>();

  private MetadataRules() {}

  static List<FieldError> check(ResourceType type, JsonNode object) {
    var rules = new MetadataRules();
    rules.name(type, Json.text(object, "metadata", "name"));
    rules.labels(Json.at(object, "metadata", "labels"));
    rules.annotations(Json.at(object, "metadata", "annotations"));
    rules.finalizers(Json.texts(object, "metadata", "finalizers"));
    rules.owners(Json.at(object, "metadata", "ownerReferences"));
    return List.copyOf(rules.errors);
  }

  /** Whoever guards a deletion must have known of it before it began. */
  static List<FieldError> checkUpdate(JsonNode old, JsonNode object) {
    var errors = new ArrayList<FieldError>();
    if (Metadata.deleting(old)) {
      var more = new ArrayList<>(Json.texts(object, "metadata", "finalizers"));
      more.removeAll(Json.texts(old, "metadata", "finalizers"));
      if (!more.isEmpty()) {
        var quoted = more.stream().map(text -> '"' + text + '"').toList();
        errors.add(
            FieldError.forbidden(
                "metadata.finalizers",
                "no new finalizers can be added if the object is being deleted, found new finalizers"
                    + " []string{%s}".formatted(String.join(", ", quoted))));
      }
    }
    for (var field : List.of("name", "generateName")) {
      var value = Json.at(object, "metadata", field);
      if (field.equals("name") && !value.equals(Json.at(old, "metadata", field))) {
        errors.add(FieldError.invalid("metadata.name", value.asText(), "field is immutable"));
      }
    }
    return errors;
  }

  private void name(ResourceType type, String name) {
    if (name.isEmpty()) {
      errors.add(FieldError.required("metadata.name", "name or generateName is required"));
      return;
    }
    complaint(type, name)
        .ifPresent(detail -> errors.add(FieldError.invalid("metadata.name", name, detail)));
  }

  private static Optional<String> complaint(ResourceType type, String name) {
    if (type.group().equals(RBAC)) {
      return name.contains("/") || name.contains("%")
          ? Optional.of("may not contain '/'")
          : Optional.empty();
    }
    if (type.shelf().equals("namespaces")) {
      return LABEL.matcher(name).matches() && name.length() <= LABEL_LENGTH_MAX
          ? Optional.empty()
          : Optional.of(
              "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-',"
                  + " and must start and end with an alphanumeric character (e.g. 'my-name',  or"
                  + " '123-abc', regex used for validation is '"
                  + LABEL_SHAPE
                  + "')");
    }
    if (name.length() > SUBDOMAIN_LENGTH_MAX) {
      return Optional.of("must be no more than 253 bytes");
    }
    return SUBDOMAIN.matcher(name).matches()
        ? Optional.empty()
        : Optional.of(
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-'"
                + " or '.', and must start and end with an alphanumeric character (e.g."
                + " 'example.com', regex used for validation is '"
                + LABEL_SHAPE
                + "(\\."
                + LABEL_SHAPE
                + ")*')");
  }

  private void labels(JsonNode labels) {
    for (var key : Json.names(labels)) {
      qualified("metadata.labels", key);
      var value = labels.path(key).asText();
      if (value.length() > LABEL_LENGTH_MAX) {
        errors.add(FieldError.invalid("metadata.labels", value, "must be no more than 63 bytes"));
      } else if (!value.isEmpty() && !WORD.matcher(value).matches()) {
        errors.add(
            FieldError.invalid(
                "metadata.labels",
                value,
                "a valid label must be an empty string or consist of alphanumeric characters, '-',"
                    + " '_' or '.', and must start and end with an alphanumeric character (e.g."
                    + " 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"));
      }
    }
  }

  private void annotations(JsonNode annotations) {
    var bytes = 0L;
    for (var key : Json.names(annotations)) {
      qualified("metadata.annotations", key.toLowerCase(java.util.Locale.ROOT));
      bytes += key.length() + annotations.path(key).asText().length();
    }
    if (bytes > ANNOTATION_BYTES_MAX) {
      errors.add(
          new FieldError(
              FieldError.Reason.TOO_LONG,
              "metadata.annotations",
              "Too long: may not be more than %d bytes".formatted(ANNOTATION_BYTES_MAX)));
    }
  }

  private void finalizers(List<String> finalizers) {
    finalizers.forEach(finalizer -> qualified("metadata.finalizers", finalizer));
  }

  private void owners(JsonNode owners) {
    var index = 0;
    for (var owner : owners) {
      for (var field : List.of("apiVersion", "kind", "name", "uid")) {
        if (Json.text(owner, field).isEmpty()) {
          errors.add(
              FieldError.invalid(
                  "metadata.ownerReferences[%d].%s".formatted(index, field),
                  "",
                  "must not be empty"));
        }
      }
      index++;
    }
  }

  private void qualified(String field, String key) {
    var slash = key.indexOf('/');
    var word = key.substring(slash + 1);
    var fits =
        word.length() <= LABEL_LENGTH_MAX
            && WORD.matcher(word).matches()
            && (slash < 0 || SUBDOMAIN.matcher(key.substring(0, slash)).matches());
    if (!fits) {
      errors.add(
          FieldError.invalid(
              field,
              key,
              "name part must consist of alphanumeric characters, '-', '_' or '.', and must start"
                  + " and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or"
                  + " '123-abc', regex used for validation is '"
                  + WORD_SHAPE
                  + "')"));
    }
  }
}
