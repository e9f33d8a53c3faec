package io.csi4j.e2e.sandbox.contract;

import static io.csi4j.e2e.sandbox.contract.Caller.JSON_PATCH;
import static io.csi4j.e2e.sandbox.contract.Caller.MERGE_PATCH;
import static io.csi4j.e2e.sandbox.contract.Caller.STRATEGIC_PATCH;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** PATCH: merges, operations and strategic merges. */
public abstract class PatchContract {
  @RegisterExtension private final Place place;
  private final Caller caller;

  public PatchContract(ServerUnderTest server) {
    place = new Place(server);
    caller = place.caller;
  }

  private ObjectNode newConfigMap(String name) throws IOException {
    return (ObjectNode) place.newConfigMap(name).body();
  }

  private static ObjectNode metadata(JsonNode object) {
    return (ObjectNode) object.path("metadata");
  }

  @Test
  void given_a_merge_patch_then_members_are_set_and_null_removes() throws Exception {
    newConfigMap("a");

    var written =
        caller.patch(place.configMap("a"), MERGE_PATCH, "{\"data\":{\"a\":null,\"b\":\"2\"}}");

    assertThat(written.code()).isEqualTo(200);
    assertThat(written.body().path("data").toString()).isEqualTo("{\"b\":\"2\"}");
  }

  @Test
  void given_a_merge_patch_with_an_old_version_then_conflict() throws Exception {
    var old = Place.version(newConfigMap("a"));
    caller.patch(place.configMap("a"), MERGE_PATCH, "{\"data\":{\"x\":\"y\"}}");

    var refused =
        caller.patch(
            place.configMap("a"),
            MERGE_PATCH,
            "{\"metadata\":{\"resourceVersion\":\"%s\"},\"data\":{\"z\":\"1\"}}".formatted(old));

    assertThat(refused.code()).isEqualTo(409);
    assertThat(refused.message()).contains("the object has been modified");
  }

  @Test
  void given_a_merge_patch_with_another_uid_then_conflict() throws Exception {
    newConfigMap("a");

    var refused =
        caller.patch(
            place.configMap("a"),
            MERGE_PATCH,
            "{\"metadata\":{\"uid\":\"another\"},\"data\":{\"z\":\"1\"}}");

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message())
        .contains("metadata.uid: Invalid value: \"another\": field is immutable");
  }

  @Test
  void given_a_patch_that_renames_then_bad_request() throws Exception {
    newConfigMap("a");

    var refused =
        caller.patch(place.configMap("a"), MERGE_PATCH, "{\"metadata\":{\"name\":\"b\"}}");

    assertThat(refused.code()).isEqualTo(400);
    assertThat(refused.message())
        .isEqualTo("the name of the object (b) does not match the name on the URL (a)");
  }

  @Test
  void given_a_patch_to_another_type_then_invalid() throws Exception {
    newConfigMap("a");

    var refused = caller.patch(place.configMap("a"), MERGE_PATCH, "{\"data\":{\"a\":1}}");

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.reason()).isEqualTo("Invalid");
  }

  @Test
  void given_a_patch_that_changes_nothing_then_nothing_is_written() throws Exception {
    var version = Place.version(newConfigMap("a"));

    var written = caller.patch(place.configMap("a"), MERGE_PATCH, "{\"data\":{\"a\":\"1\"}}");

    assertThat(Place.version(written.body())).isEqualTo(version);
  }

  @Test
  void given_a_json_patch_then_operations_run_in_order() throws Exception {
    newConfigMap("a");

    var written =
        caller.patch(
            place.configMap("a"),
            JSON_PATCH,
            """
            [{"op":"test","path":"/data/a","value":"1"},
             {"op":"add","path":"/data/b~1c","value":"2"},
             {"op":"copy","from":"/data/a","path":"/data/d"},
             {"op":"remove","path":"/data/a"},
             {"op":"add","path":"/metadata/finalizers","value":["csi4j.io/x"]},
             {"op":"add","path":"/metadata/finalizers/-","value":"csi4j.io/y"},
             {"op":"replace","path":"/metadata/finalizers/0","value":"csi4j.io/z"}]""");

    // A slash in a key of a ConfigMap is not allowed, and the whole patch has no effect.
    assertThat(written.code()).isEqualTo(422);
    var again =
        caller.patch(
            place.configMap("a"),
            JSON_PATCH,
            """
            [{"op":"test","path":"/data/a","value":"1"},
             {"op":"copy","from":"/data/a","path":"/data/d"},
             {"op":"move","from":"/data/a","path":"/data/e"},
             {"op":"add","path":"/metadata/finalizers","value":["csi4j.io/x"]},
             {"op":"add","path":"/metadata/finalizers/-","value":"csi4j.io/y"},
             {"op":"replace","path":"/metadata/finalizers/0","value":"csi4j.io/z"}]""");
    assertThat(again.code()).isEqualTo(200);
    assertThat(again.body().path("data").toString()).isEqualTo("{\"d\":\"1\",\"e\":\"1\"}");
    assertThat(again.body().at("/metadata/finalizers").toString())
        .isEqualTo("[\"csi4j.io/z\",\"csi4j.io/y\"]");
    caller.patch(place.configMap("a"), MERGE_PATCH, "{\"metadata\":{\"finalizers\":null}}");
  }

  @Test
  void given_a_json_patch_whose_test_fails_then_nothing_is_written() throws Exception {
    var version = Place.version(newConfigMap("a"));

    var refused =
        caller.patch(
            place.configMap("a"),
            JSON_PATCH,
            """
            [{"op":"add","path":"/data/b","value":"2"},{"op":"test","path":"/data/a","value":"other"}]""");

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.reason()).isEqualTo("Invalid");
    assertThat(refused.message())
        .isEqualTo("the server rejected our request due to an error in our request");
    assertThat(Place.version(caller.get(place.configMap("a")).body())).isEqualTo(version);
  }

  @Test
  void given_a_json_patch_that_removes_what_is_not_there_then_refused() throws Exception {
    newConfigMap("a");

    var refused =
        caller.patch(
            place.configMap("a"), JSON_PATCH, "[{\"op\":\"remove\",\"path\":\"/data/none\"}]");

    assertThat(refused.code()).isEqualTo(422);
  }

  /** An empty list has no place for index 0, and a missing one not even for a minus. */
  @Test
  void given_no_finalizers_when_one_is_added_at_the_end_then_refused() throws Exception {
    newConfigMap("a");

    var refused =
        caller.patch(
            place.configMap("a"),
            JSON_PATCH,
            "[{\"op\":\"add\",\"path\":\"/metadata/finalizers/-\",\"value\":\"csi4j.io/x\"}]");

    assertThat(refused.code()).isEqualTo(422);
  }

  @Test
  void given_a_strategic_patch_then_finalizers_are_united_and_taken_away_by_directive()
      throws Exception {
    place.newConfigMap("a", ",\"finalizers\":[\"csi4j.io/x\",\"csi4j.io/y\"]");

    var united =
        caller.patch(
            place.configMap("a"),
            STRATEGIC_PATCH,
            "{\"metadata\":{\"finalizers\":[\"csi4j.io/z\",\"csi4j.io/x\"]}}");
    assertThat(united.body().at("/metadata/finalizers"))
        .extracting(JsonNode::asText)
        .containsExactlyInAnyOrder("csi4j.io/x", "csi4j.io/y", "csi4j.io/z");

    var left =
        caller.patch(
            place.configMap("a"),
            STRATEGIC_PATCH,
            "{\"metadata\":{\"$deleteFromPrimitiveList/finalizers\":[\"csi4j.io/x\",\"csi4j.io/z\"]}}");
    assertThat(left.body().at("/metadata/finalizers").toString()).isEqualTo("[\"csi4j.io/y\"]");
    caller.patch(place.configMap("a"), MERGE_PATCH, "{\"metadata\":{\"finalizers\":null}}");
  }

  @Test
  void given_a_strategic_patch_then_conditions_merge_by_their_type() throws Exception {
    place.created(place.core("persistentvolumeclaims"), Place.claim("c"));
    var status = place.core("persistentvolumeclaims/c/status");

    caller.patch(
        status,
        STRATEGIC_PATCH,
        "{\"status\":{\"conditions\":[{\"type\":\"A\",\"status\":\"True\"},{\"type\":\"B\",\"status\":\"True\"}]}}");
    var written =
        caller.patch(
            status,
            STRATEGIC_PATCH,
            "{\"status\":{\"conditions\":[{\"type\":\"B\",\"status\":\"False\"},{\"type\":\"A\",\"$patch\":\"delete\"}]}}");

    assertThat(written.code()).isEqualTo(200);
    var conditions = written.body().at("/status/conditions");
    assertThat(conditions).hasSize(1);
    assertThat(conditions.at("/0/type").asText()).isEqualTo("B");
    assertThat(conditions.at("/0/status").asText()).isEqualTo("False");
  }

  @Test
  void given_a_strategic_patch_that_replaces_then_the_list_is_new() throws Exception {
    place.created(place.core("persistentvolumeclaims"), Place.claim("c"));
    var status = place.core("persistentvolumeclaims/c/status");
    caller.patch(
        status,
        STRATEGIC_PATCH,
        "{\"status\":{\"conditions\":[{\"type\":\"A\",\"status\":\"True\"}]}}");

    var written =
        caller.patch(
            status,
            STRATEGIC_PATCH,
            "{\"status\":{\"conditions\":[{\"$patch\":\"replace\"},{\"type\":\"B\",\"status\":\"True\"}]}}");

    assertThat(written.body().at("/status/conditions")).hasSize(1);
    assertThat(written.text("/status/conditions/0/type")).isEqualTo("B");
  }

  @Test
  void given_a_type_of_patch_that_nobody_knows_then_unsupported() throws Exception {
    newConfigMap("a");

    var refused = caller.patch(place.configMap("a"), "application/json", "{}");

    assertThat(refused.code()).isEqualTo(415);
    assertThat(refused.reason()).isEqualTo("UnsupportedMediaType");
  }

  @Test
  void given_no_object_when_patched_then_not_found() throws Exception {
    var refused = caller.patch(place.configMap("none"), MERGE_PATCH, "{\"data\":{}}");

    assertThat(refused.code()).isEqualTo(404);
    assertThat(refused.message()).isEqualTo("configmaps \"none\" not found");
  }

  @Test
  void given_a_dry_run_when_patched_then_nothing_is_written() throws Exception {
    var version = Place.version(newConfigMap("a"));

    var tried =
        caller.patch(place.configMap("a") + "?dryRun=All", MERGE_PATCH, "{\"data\":{\"b\":\"2\"}}");

    assertThat(tried.text("/data/b")).isEqualTo("2");
    assertThat(Place.version(caller.get(place.configMap("a")).body())).isEqualTo(version);
  }

  @Test
  void given_an_immutable_config_map_then_its_data_stay() throws Exception {
    newConfigMap("a");
    caller.patch(place.configMap("a"), MERGE_PATCH, "{\"immutable\":true}");

    var refused = caller.patch(place.configMap("a"), MERGE_PATCH, "{\"data\":{\"a\":\"2\"}}");

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message())
        .isEqualTo(
            "ConfigMap \"a\" is invalid: data: Forbidden: field is immutable when `immutable` is set");
  }

  @Test
  void given_owners_when_patched_strategically_then_they_merge_by_uid() throws Exception {
    var owner = metadata(newConfigMap("owner")).path("uid").asText();
    place.newConfigMap("a");
    var reference =
        """
        {"metadata":{"ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"owner","uid":"%s"%s}]}}""";

    caller.patch(place.configMap("a"), STRATEGIC_PATCH, reference.formatted(owner, ""));
    var written =
        caller.patch(
            place.configMap("a"),
            STRATEGIC_PATCH,
            reference.formatted(owner, ",\"controller\":true"));

    assertThat(written.body().at("/metadata/ownerReferences")).hasSize(1);
    assertThat(written.body().at("/metadata/ownerReferences/0/controller").asBoolean()).isTrue();
  }
}
