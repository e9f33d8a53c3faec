package io.csi4j.e2e.sandbox.contract;

import static io.csi4j.e2e.sandbox.contract.Caller.JSON_PATCH;
import static io.csi4j.e2e.sandbox.contract.Caller.MERGE_PATCH;
import static io.csi4j.e2e.sandbox.contract.Caller.STRATEGIC_PATCH;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** PUT and PATCH, of objects and of their status. */
public abstract class UpdateContract {
  private static final String LEASES = "/apis/coordination.k8s.io/v1/namespaces/%s/leases";
  private final ServerUnderTest server;
  private Place place;
  private Caller caller;

  public UpdateContract(ServerUnderTest server) {
    this.server = server;
  }

  @BeforeEach
  void opens() throws IOException {
    place = new Place(server);
    caller = place.caller;
  }

  @AfterEach
  void closes() throws IOException {
    place.close();
  }

  private ObjectNode newConfigMap(String name) throws IOException {
    return (ObjectNode) place.newConfigMap(name).body();
  }

  private static ObjectNode metadata(JsonNode object) {
    return (ObjectNode) object.path("metadata");
  }

  @Test
  void given_the_newest_version_when_put_then_the_version_grows() throws Exception {
    var object = newConfigMap("a");
    object.putObject("data").put("b", "2");

    var written = caller.put(place.configMap("a"), object);

    assertThat(written.code()).isEqualTo(200);
    assertThat(written.body().path("data").toString()).isEqualTo("{\"b\":\"2\"}");
    assertThat(Place.version(written)).isGreaterThan(Long.parseLong(Place.version(object)));
  }

  @Test
  void given_an_old_version_when_put_then_conflict() throws Exception {
    var object = newConfigMap("a");
    caller.patch(place.configMap("a"), MERGE_PATCH, "{\"data\":{\"x\":\"y\"}}");

    var refused = caller.put(place.configMap("a"), object);

    assertThat(refused.code()).isEqualTo(409);
    assertThat(refused.reason()).isEqualTo("Conflict");
    assertThat(refused.message())
        .isEqualTo(
            "Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please"
                + " apply your changes to the latest version and try again");
  }

  @Test
  void given_no_version_when_put_then_a_config_map_is_overwritten() throws Exception {
    var object = newConfigMap("a");
    metadata(object).remove("resourceVersion");
    object.putObject("data").put("b", "2");

    assertThat(caller.put(place.configMap("a"), object).code()).isEqualTo(200);
  }

  @Test
  void given_no_version_when_put_then_a_lease_is_refused() throws Exception {
    var path = LEASES.formatted(place.name);
    var made =
        place.created(path, "{\"metadata\":{\"name\":\"l\"},\"spec\":{\"holderIdentity\":\"me\"}}");
    metadata(made.body()).remove("resourceVersion");

    var refused = caller.put(path + "/l", made.body());

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message())
        .contains("metadata.resourceVersion")
        .contains("must be specified for an update");
  }

  @Test
  void given_no_object_when_put_then_a_lease_is_made_and_a_config_map_is_not_found()
      throws Exception {
    var lease =
        caller.put(
            LEASES.formatted(place.name) + "/l", Caller.json("{\"metadata\":{\"name\":\"l\"}}"));
    var configMap =
        caller.put(place.configMap("b"), Caller.json("{\"metadata\":{\"name\":\"b\"}}"));

    assertThat(lease.code()).isEqualTo(201);
    assertThat(configMap.code()).isEqualTo(404);
    assertThat(configMap.message()).isEqualTo("configmaps \"b\" not found");
  }

  @Test
  void given_another_name_when_put_then_bad_request() throws Exception {
    var object = newConfigMap("a");
    metadata(object).put("name", "b");

    var refused = caller.put(place.configMap("a"), object);

    assertThat(refused.code()).isEqualTo(400);
    assertThat(refused.message())
        .isEqualTo("the name of the object (b) does not match the name on the URL (a)");
  }

  @Test
  void given_another_uid_when_put_then_conflict() throws Exception {
    var object = newConfigMap("a");
    var own = metadata(object).path("uid").asText();
    metadata(object).put("uid", "another");

    var refused = caller.put(place.configMap("a"), object);

    assertThat(refused.code()).isEqualTo(409);
    assertThat(refused.message())
        .endsWith("Precondition failed: UID in precondition: another, UID in object meta: " + own);
  }

  @Test
  void given_the_same_content_when_put_then_nothing_is_written() throws Exception {
    var object = newConfigMap("a");

    var written = caller.put(place.configMap("a"), object);

    assertThat(written.code()).isEqualTo(200);
    assertThat(Place.version(written.body())).isEqualTo(Place.version(object));
  }

  @Test
  void given_another_creation_time_when_put_then_the_servers_stays() throws Exception {
    var object = newConfigMap("a");
    var created = metadata(object).path("creationTimestamp").asText();
    metadata(object).put("creationTimestamp", "2001-01-01T00:00:00Z");
    object.putObject("data").put("b", "2");

    var written = caller.put(place.configMap("a"), object);

    assertThat(written.text("/metadata/creationTimestamp")).isEqualTo(created);
  }

  @Test
  void given_a_deletion_time_when_put_then_invalid() throws Exception {
    var object = newConfigMap("a");
    metadata(object).put("deletionTimestamp", "2001-01-01T00:00:00Z");

    var refused = caller.put(place.configMap("a"), object);

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message())
        .contains(
            "metadata.deletionTimestamp: Invalid value: \"2001-01-01T00:00:00Z\": field is immutable");
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
  void given_a_status_in_a_write_of_the_object_then_it_is_ignored() throws Exception {
    place.created(place.core("persistentvolumeclaims"), Place.claim("c"));

    var written =
        caller.patch(
            place.core("persistentvolumeclaims/c"),
            MERGE_PATCH,
            "{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"status\":{\"phase\":\"Lost\"}}");

    assertThat(written.code()).isEqualTo(200);
    assertThat(written.text("/metadata/labels/a")).isEqualTo("b");
    assertThat(written.text("/status/phase")).isEqualTo("Pending");
  }

  /** Section 3.2: /status of a claim takes metadata, and no specification. */
  @Test
  void given_a_write_of_a_claims_status_then_metadata_counts_and_the_specification_does_not()
      throws Exception {
    place.created(place.core("persistentvolumeclaims"), Place.claim("c"));

    var written =
        caller.patch(
            place.core("persistentvolumeclaims/c/status"),
            MERGE_PATCH,
            "{\"metadata\":{\"annotations\":{\"a\":\"b\"}},\"spec\":{\"volumeName\":\"v\"},\"status\":{\"phase\":\"Lost\"}}");

    assertThat(written.code()).isEqualTo(200);
    assertThat(written.text("/metadata/annotations/a")).isEqualTo("b");
    assertThat(written.text("/spec/volumeName")).isEmpty();
    assertThat(written.text("/status/phase")).isEqualTo("Lost");
  }

  @Test
  void given_a_write_of_an_attachments_status_then_metadata_does_not_count() throws Exception {
    var name = Place.unique("attachment");
    var path = "/apis/storage.k8s.io/v1/volumeattachments";
    place.created(
        path,
        """
        {"metadata":{"name":"%s"},"spec":{"attacher":"x.csi4j.io","nodeName":"none","source":{"persistentVolumeName":"none"}}}"""
            .formatted(name));

    var written =
        caller.patch(
            path + "/" + name + "/status",
            MERGE_PATCH,
            "{\"metadata\":{\"annotations\":{\"a\":\"b\"}},\"status\":{\"attached\":true,\"attachmentMetadata\":{\"k\":\"v\"}}}");

    assertThat(written.body().at("/metadata/annotations").isMissingNode()).isTrue();
    assertThat(written.body().at("/status/attached").asBoolean()).isTrue();
    assertThat(written.text("/status/attachmentMetadata/k")).isEqualTo("v");
    caller.delete(path + "/" + name);
  }

  @Test
  void given_status_of_a_kind_without_then_not_found() throws Exception {
    newConfigMap("a");

    assertThat(caller.patch(place.configMap("a/status"), MERGE_PATCH, "{}").code()).isEqualTo(404);
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
