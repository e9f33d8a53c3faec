package io.csi4j.e2e.sandbox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** POST. */
public abstract class CreateContract {
  @RegisterExtension private final Place place;
  private final Caller caller;

  public CreateContract(ServerUnderTest server) {
    place = new Place(server);
    caller = place.caller;
  }

  @Test
  void given_a_new_object_then_the_server_completes_its_metadata() throws Exception {
    var made =
        caller.post(
            place.configMaps(),
            """
            {"metadata":{"name":"a","uid":"mine","creationTimestamp":"2001-01-01T00:00:00Z"},"data":{"k":"v"}}""");

    assertThat(made.code()).isEqualTo(201);
    assertThat(made.text("/kind")).isEqualTo("ConfigMap");
    assertThat(made.text("/apiVersion")).isEqualTo("v1");
    assertThat(made.text("/metadata/namespace")).isEqualTo(place.name);
    assertThat(made.text("/metadata/uid")).hasSize(36);
    assertThat(made.text("/metadata/creationTimestamp")).matches("20[2-9].*Z").hasSize(20);
    assertThat(made.text("/metadata/resourceVersion")).matches("\\d+");
    assertThat(caller.get(place.configMap("a")).body()).isEqualTo(made.body());
  }

  @Test
  void given_the_name_is_taken_then_already_exists() throws Exception {
    place.newConfigMap("a");

    var again = caller.post(place.configMaps(), "{\"metadata\":{\"name\":\"a\"}}");

    assertThat(again.code()).isEqualTo(409);
    assertThat(again.reason()).isEqualTo("AlreadyExists");
    assertThat(again.message()).isEqualTo("configmaps \"a\" already exists");
    assertThat(again.text("/details/name")).isEqualTo("a");
    assertThat(again.text("/details/kind")).isEqualTo("configmaps");
  }

  @Test
  void given_a_prefix_then_the_server_makes_up_the_rest_of_the_name() throws Exception {
    var one = place.created(place.configMaps(), "{\"metadata\":{\"generateName\":\"made-\"}}");
    var other = place.created(place.configMaps(), "{\"metadata\":{\"generateName\":\"made-\"}}");

    assertThat(one.text("/metadata/name")).matches("made-[a-z0-9]{5}");
    assertThat(one.text("/metadata/generateName")).isEqualTo("made-");
    assertThat(other.text("/metadata/name")).isNotEqualTo(one.text("/metadata/name"));
  }

  @Test
  void given_no_name_then_invalid() throws Exception {
    var refused = caller.post(place.configMaps(), "{\"metadata\":{}}");

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message())
        .isEqualTo(
            "ConfigMap \"\" is invalid: metadata.name: Required value: name or generateName is required");
    assertThat(refused.text("/details/causes/0/reason")).isEqualTo("FieldValueRequired");
  }

  @Test
  void given_a_name_with_capitals_then_invalid_and_the_rule_is_told() throws Exception {
    var refused = caller.post(place.configMaps(), "{\"metadata\":{\"name\":\"Big_One\"}}");

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.reason()).isEqualTo("Invalid");
    assertThat(refused.message())
        .startsWith(
            "ConfigMap \"Big_One\" is invalid: metadata.name: Invalid value: \"Big_One\": a lowercase RFC 1123 subdomain must consist of")
        .endsWith("*')");
  }

  @Test
  void given_a_label_value_with_a_space_then_invalid() throws Exception {
    var refused =
        caller.post(
            place.configMaps(), "{\"metadata\":{\"name\":\"a\",\"labels\":{\"k\":\"a b\"}}}");

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.text("/details/causes/0/field")).isEqualTo("metadata.labels");
    assertThat(refused.message()).contains("a valid label must be an empty string or consist of");
  }

  @Test
  void given_a_finalizer_without_a_domain_and_not_a_word_then_invalid() throws Exception {
    var refused =
        caller.post(
            place.configMaps(), "{\"metadata\":{\"name\":\"a\",\"finalizers\":[\"not a word\"]}}");

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.text("/details/causes/0/field")).startsWith("metadata.finalizers");
  }

  @Test
  void given_a_resource_version_then_refused() throws Exception {
    var refused =
        caller.post(
            place.configMaps(), "{\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"5\"}}");

    assertThat(refused.code()).isEqualTo(500);
    assertThat(refused.message())
        .isEqualTo("resourceVersion should not be set on objects to be created");
  }

  @Test
  void given_no_such_namespace_then_not_found() throws Exception {
    var refused =
        caller.post("/api/v1/namespaces/nowhere/configmaps", "{\"metadata\":{\"name\":\"a\"}}");

    assertThat(refused.code()).isEqualTo(404);
    assertThat(refused.message()).isEqualTo("namespaces \"nowhere\" not found");
  }

  @Test
  void given_another_namespace_in_the_object_then_bad_request() throws Exception {
    var refused =
        caller.post(
            place.configMaps(), "{\"metadata\":{\"name\":\"a\",\"namespace\":\"default\"}}");

    assertThat(refused.code()).isEqualTo(400);
    assertThat(refused.message())
        .isEqualTo(
            "the namespace of the provided object does not match the namespace sent on the request");
  }

  @Test
  void given_another_kind_then_bad_request() throws Exception {
    var refused =
        caller.post(
            place.configMaps(),
            "{\"kind\":\"Secret\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\"}}");

    assertThat(refused.code()).isEqualTo(400);
    assertThat(refused.reason()).isEqualTo("BadRequest");
  }

  @Test
  void given_no_json_then_bad_request() throws Exception {
    assertThat(caller.post(place.configMaps(), "{\"metadata\":").code()).isEqualTo(400);
  }

  @Test
  void given_a_type_of_body_that_nobody_knows_then_unsupported() throws Exception {
    var refused = caller.call("POST", place.configMaps(), "text/plain", "hello");

    assertThat(refused.code()).isEqualTo(415);
    assertThat(refused.reason()).isEqualTo("UnsupportedMediaType");
  }

  @Test
  void given_an_unknown_field_then_strict_refuses_warn_warns_and_ignore_drops() throws Exception {
    var body = "{\"metadata\":{\"name\":\"%s\"},\"dada\":{\"a\":\"1\"}}";

    var strict = caller.post(place.configMaps() + "?fieldValidation=Strict", body.formatted("s"));
    var warned = caller.post(place.configMaps() + "?fieldValidation=Warn", body.formatted("w"));
    var ignored = caller.post(place.configMaps() + "?fieldValidation=Ignore", body.formatted("i"));

    assertThat(strict.code()).isEqualTo(400);
    assertThat(strict.message()).contains("strict decoding error: unknown field \"dada\"");
    assertThat(warned.code()).isEqualTo(201);
    assertThat(warned.headers().toString()).contains("unknown field");
    assertThat(ignored.code()).isEqualTo(201);
    assertThat(ignored.headers().toString()).doesNotContain("unknown field");
    assertThat(caller.get(place.configMap("i")).body().has("dada")).isFalse();
  }

  @Test
  void given_a_field_of_the_wrong_type_then_bad_request() throws Exception {
    var refused =
        caller.post(place.configMaps(), "{\"metadata\":{\"name\":\"a\"},\"data\":\"text\"}");

    assertThat(refused.code()).isEqualTo(400);
  }

  @Test
  void given_a_dry_run_then_the_answer_is_whole_and_nothing_is_stored() throws Exception {
    var tried =
        caller.post(place.configMaps() + "?dryRun=All", "{\"metadata\":{\"name\":\"dry\"}}");

    assertThat(tried.code()).isEqualTo(201);
    assertThat(tried.text("/metadata/uid")).isNotEmpty();
    assertThat(caller.get(place.configMap("dry")).code()).isEqualTo(404);
  }

  @Test
  void given_a_status_then_it_is_dropped() throws Exception {
    var body = ((com.fasterxml.jackson.databind.node.ObjectNode) Caller.json(Place.claim("c")));
    body.putObject("status").put("phase", "Bound");

    var made = place.created(place.core("persistentvolumeclaims"), body.toString());

    assertThat(made.text("/status/phase")).isEqualTo("Pending");
  }

  @Test
  void given_no_such_kind_then_not_found() throws Exception {
    assertThat(caller.get(place.core("gizmos")).code()).isEqualTo(404);
    assertThat(caller.get("/apis/no.such.group/v1/things").code()).isEqualTo(404);
  }

  @Test
  void given_a_method_that_does_not_fit_then_not_allowed() throws Exception {
    var refused = caller.put(place.configMaps(), Caller.json("{}"));

    assertThat(refused.code()).isEqualTo(405);
    assertThat(refused.reason()).isEqualTo("MethodNotAllowed");
  }

  @Test
  void given_texts_in_a_secret_then_they_become_its_data() throws Exception {
    var made =
        place.created(
            place.core("secrets"),
            "{\"metadata\":{\"name\":\"s\"},\"stringData\":{\"user\":\"me\"}}");

    assertThat(made.text("/data/user")).isEqualTo("bWU=");
    assertThat(made.body().has("stringData")).isFalse();
    assertThat(made.text("/type")).isEqualTo("Opaque");
  }
}
