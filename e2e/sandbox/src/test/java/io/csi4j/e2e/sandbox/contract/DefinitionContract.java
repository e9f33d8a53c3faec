package io.csi4j.e2e.sandbox.contract;

import static io.csi4j.e2e.sandbox.contract.Caller.MERGE_PATCH;
import static io.csi4j.e2e.sandbox.contract.Caller.STRATEGIC_PATCH;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Kinds that are defined by objects, and discovery, which shows them. */
public abstract class DefinitionContract {
  private static final String DEFINITIONS =
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  @RegisterExtension private final Place place;
  private final Caller caller;
  private String group;

  public DefinitionContract(ServerUnderTest server) {
    place = new Place(server);
    caller = place.caller;
  }

  @BeforeEach
  void opens() throws Exception {
    group = Place.unique("g") + ".csi4j.io";
    place.created(DEFINITIONS, definition());
    Place.eventually("served", () -> caller.get(gadgets()).code() == 200);
  }

  @AfterEach
  void closes() throws IOException {
    caller.delete(DEFINITIONS + "/gadgets." + group);
  }

  private String gadgets() {
    return "/apis/" + group + "/v1/namespaces/" + place.name + "/gadgets";
  }

  private String definition() {
    return """
        {"kind":"CustomResourceDefinition","apiVersion":"apiextensions.k8s.io/v1","metadata":{"name":"gadgets.%1$s"},
         "spec":{"group":"%1$s","scope":"Namespaced",
          "names":{"kind":"Gadget","plural":"gadgets","shortNames":["gg"]},
          "versions":[
           {"name":"v1","served":true,"storage":true,"subresources":{"status":{}},
            "additionalPrinterColumns":[{"name":"Size","type":"integer","jsonPath":".spec.size"}],
            "schema":{"openAPIV3Schema":{"type":"object","required":["spec"],"properties":{
             "spec":{"type":"object","required":["source"],"properties":{
               "source":{"type":"string","minLength":2},
               "policy":{"type":"string","enum":["Delete","Retain"],"default":"Retain"},
               "size":{"type":"integer","format":"int64","minimum":1}}},
             "status":{"type":"object","properties":{"ready":{"type":"boolean"}}}}}}},
           {"name":"v1beta1","served":true,"storage":false,"subresources":{"status":{}},
            "schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}]}}"""
        .formatted(group);
  }

  private String gadget(String name, String spec) {
    return gadget("v1", name, spec);
  }

  private String gadget(String version, String name, String spec) {
    return "{\"kind\":\"Gadget\",\"apiVersion\":\"%s/%s\",\"metadata\":{\"name\":\"%s\"},\"spec\":%s}"
        .formatted(group, version, name, spec);
  }

  @Test
  void given_a_definition_then_it_is_established() throws Exception {
    var found = caller.get(DEFINITIONS + "/gadgets." + group);

    assertThat(found.body().at("/status/conditions"))
        .extracting(
            condition -> condition.path("type").asText() + condition.path("status").asText())
        .contains("EstablishedTrue", "NamesAcceptedTrue");
    assertThat(found.text("/spec/names/singular")).isEqualTo("gadget");
    assertThat(found.text("/spec/names/listKind")).isEqualTo("GadgetList");
    assertThat(found.body().at("/status/storedVersions").toString()).isEqualTo("[\"v1\"]");
  }

  @Test
  void given_a_definition_whose_name_does_not_fit_then_invalid() throws Exception {
    var body = (ObjectNode) Caller.json(definition());
    ((ObjectNode) body.path("metadata")).put("name", "other." + group);

    var refused = caller.post(DEFINITIONS, body.toString());

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message())
        .contains("metadata.name")
        .contains("must be spec.names.plural+\".\"+spec.group");
  }

  @Test
  void given_an_object_then_unknown_members_go_and_defaults_come() throws Exception {
    var made = place.created(gadgets(), gadget("a", "{\"source\":\"here\",\"colour\":\"red\"}"));

    assertThat(made.body().at("/spec").has("colour")).isFalse();
    assertThat(made.text("/spec/policy")).isEqualTo("Retain");
    assertThat(made.text("/metadata/generation")).isEqualTo("1");
  }

  @Test
  void given_an_object_that_breaks_the_schema_then_invalid() throws Exception {
    var missing = caller.post(gadgets(), gadget("a", "{}"));
    var wrong = caller.post(gadgets(), gadget("a", "{\"source\":\"here\",\"size\":\"big\"}"));
    var small = caller.post(gadgets(), gadget("a", "{\"source\":\"here\",\"size\":0}"));
    var choice = caller.post(gadgets(), gadget("a", "{\"source\":\"here\",\"policy\":\"Hide\"}"));
    var brief = caller.post(gadgets(), gadget("a", "{\"source\":\"x\"}"));

    assertThat(missing.code()).isEqualTo(422);
    assertThat(missing.message()).contains("spec.source: Required value");
    assertThat(wrong.code()).isEqualTo(422);
    assertThat(wrong.message())
        .contains(
            "spec.size: Invalid value: \"string\": spec.size in body must be of type integer: \"string\"");
    assertThat(small.message()).contains("spec.size in body should be greater than or equal to 1");
    assertThat(choice.message())
        .contains(
            "spec.policy: Unsupported value: \"Hide\": supported values: \"Delete\", \"Retain\"");
    assertThat(brief.message()).contains("spec.source in body should be at least 2 chars long");
  }

  @Test
  void given_an_object_without_a_kind_then_bad_request() throws Exception {
    assertThat(
            caller
                .post(gadgets(), "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"source\":\"here\"}}")
                .code())
        .isEqualTo(400);
  }

  @Test
  void given_a_strategic_patch_then_unsupported() throws Exception {
    place.created(gadgets(), gadget("a", "{\"source\":\"here\"}"));

    var refused = caller.patch(gadgets() + "/a", STRATEGIC_PATCH, "{\"spec\":{\"size\":5}}");

    assertThat(refused.code()).isEqualTo(415);
    assertThat(refused.message())
        .contains("application/json-patch+json")
        .contains("application/merge-patch+json");
  }

  @Test
  void given_changes_then_the_generation_counts_those_of_the_specification() throws Exception {
    place.created(gadgets(), gadget("a", "{\"source\":\"here\"}"));

    var labelled =
        caller.patch(gadgets() + "/a", MERGE_PATCH, "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");
    var changed = caller.patch(gadgets() + "/a", MERGE_PATCH, "{\"spec\":{\"size\":5}}");
    var status =
        caller.patch(gadgets() + "/a/status", MERGE_PATCH, "{\"status\":{\"ready\":true}}");

    assertThat(labelled.text("/metadata/generation")).isEqualTo("1");
    assertThat(changed.text("/metadata/generation")).isEqualTo("2");
    assertThat(status.text("/metadata/generation")).isEqualTo("2");
    assertThat(status.body().at("/status/ready").asBoolean()).isTrue();
  }

  @Test
  void given_a_status_subresource_then_each_write_keeps_to_its_part() throws Exception {
    place.created(gadgets(), gadget("a", "{\"source\":\"here\"}"));

    var object = caller.patch(gadgets() + "/a", MERGE_PATCH, "{\"status\":{\"ready\":true}}");
    var status =
        caller.patch(
            gadgets() + "/a/status",
            MERGE_PATCH,
            "{\"metadata\":{\"annotations\":{\"a\":\"b\"}},\"spec\":{\"size\":9},\"status\":{\"ready\":true}}");

    assertThat(object.body().has("status")).isFalse();
    assertThat(status.body().at("/status/ready").asBoolean()).isTrue();
    assertThat(status.body().at("/spec").has("size")).isFalse();
    assertThat(status.body().at("/metadata").has("annotations")).isFalse();
  }

  @Test
  void given_a_put_without_a_version_then_invalid() throws Exception {
    place.created(gadgets(), gadget("a", "{\"source\":\"here\"}"));

    var refused = caller.put(gadgets() + "/a", Caller.json(gadget("a", "{\"source\":\"there\"}")));

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message())
        .contains("metadata.resourceVersion: Invalid value")
        .contains("must be specified for an update");
  }

  @Test
  void given_another_version_then_it_shows_the_same_object() throws Exception {
    place.created(gadgets(), gadget("a", "{\"source\":\"here\"}"));

    var other = caller.get(gadgets().replace("/v1/", "/v1beta1/") + "/a");

    assertThat(other.text("/apiVersion")).isEqualTo(group + "/v1beta1");
    assertThat(other.text("/spec/source")).isEqualTo("here");
  }

  @Test
  void given_a_table_wanted_then_the_definitions_columns() throws Exception {
    place.created(gadgets(), gadget("a", "{\"source\":\"here\",\"size\":7}"));

    var table =
        caller.call("GET", gadgets(), "", "", "application/json;as=Table;v=v1;g=meta.k8s.io");

    var names = new ArrayList<String>();
    for (JsonNode column : table.body().path("columnDefinitions")) {
      names.add(column.path("name").asText());
    }
    assertThat(names).containsExactly("Name", "Size");
    assertThat(table.text("/rows/0/cells/1")).isEqualTo("7");
  }

  @Test
  void given_lists_then_items_tell_their_kind() throws Exception {
    place.created(gadgets(), gadget("a", "{\"source\":\"here\"}"));

    var list = caller.get(gadgets());

    assertThat(list.text("/kind")).isEqualTo("GadgetList");
    assertThat(list.text("/items/0/kind")).isEqualTo("Gadget");
    assertThat(list.text("/items/0/apiVersion")).isEqualTo(group + "/v1");
  }

  @Test
  void given_the_definition_goes_then_so_do_its_objects_and_its_paths() throws Exception {
    place.created(gadgets(), gadget("a", "{\"source\":\"here\"}"));

    caller.delete(DEFINITIONS + "/gadgets." + group);

    Place.eventually("no path", () -> caller.get(gadgets()).code() == 404);
    Place.eventually(
        "no definition", () -> caller.get(DEFINITIONS + "/gadgets." + group).code() == 404);
  }

  @Test
  void given_discovery_then_groups_and_kinds_are_told() throws Exception {
    Place.eventually("told", () -> caller.get("/apis/" + group).code() == 200);
    var versions = caller.get("/apis/" + group);
    var kinds = caller.get("/apis/" + group + "/v1");
    var core = caller.get("/api/v1");

    assertThat(versions.text("/preferredVersion/version")).isEqualTo("v1");
    assertThat(kinds.text("/groupVersion")).isEqualTo(group + "/v1");
    assertThat(kinds.body().path("resources"))
        .extracting(resource -> resource.path("name").asText())
        .containsExactlyInAnyOrder("gadgets", "gadgets/status");
    assertThat(kinds.body().at("/resources/0/shortNames").toString()).isEqualTo("[\"gg\"]");
    assertThat(core.body().path("resources"))
        .extracting(resource -> resource.path("name").asText())
        .contains(
            "persistentvolumeclaims",
            "persistentvolumeclaims/status",
            "pods/binding",
            "serviceaccounts/token");
    for (JsonNode resource : core.body().path("resources")) {
      if (resource.path("name").asText().equals("persistentvolumeclaims")) {
        assertThat(resource.path("shortNames").toString()).isEqualTo("[\"pvc\"]");
        assertThat(resource.path("verbs"))
            .extracting(JsonNode::asText)
            .containsExactly(
                "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
      }
    }
  }
}
