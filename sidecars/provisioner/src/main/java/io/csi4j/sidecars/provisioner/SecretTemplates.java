package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the secrets of a volume are, by the templates in its class. Pure; what cannot be resolved
 * is an {@link IllegalArgumentException}.
 *
 * <p>Whoever makes a claim chooses its name and annotations, and must not be able to choose the
 * namespace of a secret with them: there fewer tokens count.
 */
record SecretTemplates(Map<String, String> parameters) {
  private static final Pattern TOKEN = Pattern.compile("\\$\\{([^}]*)}|\\$([A-Za-z0-9_]+)");
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final int SUBDOMAIN_MAX = 253;

  /** What a secret is for; some have had another name in classes once. */
  enum Purpose {
    PROVISIONER("provisioner", "csiProvisionerSecret"),
    CONTROLLER_PUBLISH("controller-publish", "csiControllerPublishSecret"),
    NODE_STAGE("node-stage", "csiNodeStageSecret"),
    NODE_PUBLISH("node-publish", "csiNodePublishSecret"),
    CONTROLLER_EXPAND("controller-expand", null),
    NODE_EXPAND("node-expand", null),
    CONTROLLER_MODIFY("controller-modify", null);

    private final String word;
    private final @Nullable String deprecated;

    Purpose(String word, @Nullable String deprecated) {
      this.word = word;
      this.deprecated = deprecated;
    }

    /** As in keys of classes. */
    String word() {
      return word;
    }
  }

  /**
   * Whom the templates speak of.
   *
   * @param annotations of the claim; missing where the claim is not known any more
   */
  record Subject(String volume, ObjectKey claim, @Nullable Map<String, String> annotations) {}

  /** Missing where the class names no secret for this. */
  @Nullable ObjectKey resolve(Purpose purpose, Subject subject) {
    var own = pair(purpose.word() + "-secret", purpose.deprecated, purpose);
    var found = own != null ? own : pair("secret", null, purpose);
    if (found == null) {
      return null;
    }
    var namespace = expand(found.namespace(), namespaceTokens(subject), purpose, "namespace");
    require(LABEL.matcher(namespace).matches(), purpose, "namespace", found.namespace(), namespace);
    var name = expand(found.name(), nameTokens(found.name(), subject), purpose, "name");
    require(
        name.length() <= SUBDOMAIN_MAX && SUBDOMAIN.matcher(name).matches(),
        purpose,
        "name",
        found.name(),
        name);
    return new ObjectKey(namespace, name);
  }

  private record Pair(String name, String namespace) {}

  private @Nullable Pair pair(String key, @Nullable String deprecated, Purpose purpose) {
    var name = value(key + "-name", deprecated == null ? null : deprecated + "Name", purpose);
    var namespace =
        value(key + "-namespace", deprecated == null ? null : deprecated + "Namespace", purpose);
    if (name == null && namespace == null) {
      return null;
    }
    if (name == null || namespace == null || name.isEmpty() || namespace.isEmpty()) {
      throw new IllegalArgumentException(
          "either name and namespace for %s secrets specified, Both must be specified: %s%s-name"
                  .formatted(purpose.word(), Names.RESERVED, key)
              + " and %s%s-namespace".formatted(Names.RESERVED, key));
    }
    return new Pair(name, namespace);
  }

  private @Nullable String value(String key, @Nullable String deprecated, Purpose purpose) {
    var now = parameters.get(Names.RESERVED + key);
    var old = deprecated == null ? null : parameters.get(deprecated);
    if (now != null && old != null) {
      throw new IllegalArgumentException(
          "%s secret: parameters %s and %s%s are the same, only one may be given"
              .formatted(purpose.word(), deprecated, Names.RESERVED, key));
    }
    return now != null ? now : old;
  }

  private static Map<String, String> namespaceTokens(Subject subject) {
    return Map.of("pv.name", subject.volume(), "pvc.namespace", subject.claim().namespace());
  }

  private static Map<String, String> nameTokens(String template, Subject subject) {
    var tokens = new TreeMap<>(namespaceTokens(subject));
    tokens.put("pvc.name", subject.claim().name());
    var annotations = subject.annotations();
    if (annotations != null && template.contains("pvc.annotations")) {
      annotations.forEach((key, value) -> tokens.put("pvc.annotations['" + key + "']", value));
    }
    return tokens;
  }

  private static String expand(
      String template, Map<String, String> tokens, Purpose purpose, String part) {
    var unknown = new LinkedHashSet<String>();
    var text =
        TOKEN
            .matcher(template)
            .replaceAll(
                match -> {
                  var token = match.group(1) != null ? match.group(1) : match.group(2);
                  var value = tokens.get(token);
                  if (value == null) {
                    unknown.add(token);
                    return "";
                  }
                  return Matcher.quoteReplacement(value);
                });
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "error resolving %s secret %s template \"%s\": invalid tokens: %s"
              .formatted(purpose.word(), part, template, quoted(unknown)));
    }
    return text;
  }

  private static String quoted(Set<String> tokens) {
    return "[\"" + String.join("\" \"", tokens) + "\"]";
  }

  private static void require(
      boolean valid, Purpose purpose, String part, String template, String result) {
    if (!valid) {
      throw new IllegalArgumentException(
          template.equals(result)
              ? "%s secret %s \"%s\" is not a valid %s"
                  .formatted(purpose.word(), part, template, rule(part))
              : "%s secret %s template \"%s\" resolved to \"%s\" which is not a valid %s"
                  .formatted(purpose.word(), part, template, result, rule(part)));
    }
  }

  private static String rule(String part) {
    return part.equals("name")
        ? "DNS subdomain (a-z, 0-9, - and ., at most 253 characters)"
        : "DNS label (a-z, 0-9 and -, at most 63 characters)";
  }
}
