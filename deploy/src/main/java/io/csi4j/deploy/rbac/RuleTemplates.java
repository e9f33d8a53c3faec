package io.csi4j.deploy.rbac;

import io.csi4j.sidecars.attacher.Attacher;
import io.csi4j.sidecars.kit.doors.Need;
import io.csi4j.sidecars.kit.doors.Needs;
import io.csi4j.sidecars.kit.doors.Verb;
import io.csi4j.sidecars.provisioner.Provisioner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The chart's templates of RBAC rules as text. For each controller two: rules that hold in all
 * namespaces, and those for its own.
 */
public final class RuleTemplates {
  private static final String HEAD =
      "{{- /* Made by deploy/render from what the code declares (the Needs of each controller). Not to be edited. */}}\n";

  private RuleTemplates() {}

  /** Writes the file that its argument names. */
  public static void main(String[] args) throws IOException {
    Files.writeString(Path.of(args[0]), text());
  }

  /** By the names that subcommands have. */
  static Map<String, Needs> controllers() {
    var all = new LinkedHashMap<String, Needs>();
    all.put("provisioner", Provisioner.needs());
    all.put("attacher", Attacher.needs());
    all.put("controller", Provisioner.needs().and(Attacher.needs()));
    return all;
  }

  static String text() {
    var text = new StringBuilder(HEAD);
    controllers()
        .forEach(
            (name, needs) -> {
              text.append(template("csi4j.rules." + name, needs, Need.Where.ANYWHERE));
              text.append(template("csi4j.rules." + name + ".home", needs, Need.Where.AT_HOME));
            });
    return text.toString();
  }

  private static String template(String name, Needs needs, Need.Where where) {
    return "{{- define \"%s\" }}\n%s{{- end }}\n"
        .formatted(
            name,
            merged(needs, where).entrySet().stream()
                .map(entry -> rule(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining()));
  }

  private record Subject(String when, String group, String resource) {}

  /** One rule for each resource, however many controllers ask for it; always first. */
  private static Map<Subject, EnumSet<Verb>> merged(Needs needs, Need.Where where) {
    var merged =
        new TreeMap<Subject, EnumSet<Verb>>(
            Comparator.comparing(Subject::when)
                .thenComparing(Subject::group)
                .thenComparing(Subject::resource));
    for (var need : needs.all()) {
      if (need.where() == where) {
        merged
            .computeIfAbsent(
                new Subject(need.when(), need.group(), need.resource()),
                _ -> EnumSet.noneOf(Verb.class))
            .addAll(need.verbs());
      }
    }
    return merged;
  }

  private static String rule(Subject subject, EnumSet<Verb> verbs) {
    var rule =
        """
        - apiGroups: ["%s"]
          resources: [%s]
          verbs: [%s]
        """
            .formatted(
                subject.group(),
                subject.resource(),
                verbs.stream().map(Verb::word).collect(Collectors.joining(", ")));
    return subject.when().isEmpty()
        ? rule
        : "{{- if .Values.rbac.%s }}\n%s{{- end }}\n".formatted(subject.when(), rule);
  }
}
