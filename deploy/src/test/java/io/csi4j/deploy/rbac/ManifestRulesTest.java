package io.csi4j.deploy.rbac;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.csi4j.sidecars.kit.doors.Need;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What manifests grant is what the code declares: nothing is missing, nothing is there to spare.
 */
class ManifestRulesTest {
  private static final Path DEPLOY = Path.of("").toAbsolutePath();

  /** What the chart switches on unless told otherwise. */
  private static final Set<String> BY_DEFAULT = Set.of("", "intents");

  /** What a provisioner on each node needs besides. */
  private static final Set<String> DISTRIBUTED = Set.of("", "intents", "capacity");

  @Test
  void given_the_chart_then_its_rules_are_those_that_the_code_declares() throws IOException {
    assertThat(DEPLOY.resolve("chart/templates/_rules.tpl"))
        .as("after a change of a controller's needs, run deploy/render")
        .hasContent(RuleTemplates.text());
  }

  @ParameterizedTest
  @CsvSource({
    "sidecars.yaml, provisioner",
    "sidecars.yaml, attacher",
    "all-in-one.yaml, controller",
    "distributed.yaml, provisioner"
  })
  void given_plain_manifests_then_they_grant_what_the_controller_declares(
      String manifest, String controller) throws IOException {
    var documents = documents(manifest);
    var whens = manifest.startsWith("distributed") ? DISTRIBUTED : BY_DEFAULT;

    assertThat(granted(documents, "ClusterRole", controller))
        .as("after a change of the chart, run deploy/render")
        .isEqualTo(declared(controller, Need.Where.ANYWHERE, whens));
    assertThat(granted(documents, "Role", controller))
        .isEqualTo(declared(controller, Need.Where.AT_HOME, whens));
  }

  private static Set<String> declared(String controller, Need.Where where, Set<String> whens) {
    var words = new TreeSet<String>();
    for (var need : Objects.requireNonNull(RuleTemplates.controllers().get(controller)).all()) {
      if (need.where() == where && whens.contains(need.when())) {
        need.verbs()
            .forEach(
                verb ->
                    words.add("%s %s/%s".formatted(verb.word(), need.group(), need.resource())));
      }
    }
    return words;
  }

  private static Set<String> granted(List<JsonNode> documents, String kind, String controller) {
    var words = new TreeSet<String>();
    for (var document : documents) {
      if (document.path("kind").asText().equals(kind)
          && document.at("/metadata/name").asText().equals("csi4j-" + controller)) {
        for (var rule : document.path("rules")) {
          for (var group : rule.path("apiGroups")) {
            for (var resource : rule.path("resources")) {
              for (var verb : rule.path("verbs")) {
                words.add("%s %s/%s".formatted(verb.asText(), group.asText(), resource.asText()));
              }
            }
          }
        }
      }
    }
    return words;
  }

  private static List<JsonNode> documents(String manifest) throws IOException {
    try (var parser =
        new YAMLFactory().createParser(Files.readString(DEPLOY.resolve("manifests/" + manifest)))) {
      return new ObjectMapper().readerFor(JsonNode.class).<JsonNode>readValues(parser).readAll();
    }
  }
}
