package io.csi4j.e2e.sandbox.contract;

import static io.csi4j.e2e.sandbox.contract.Caller.MERGE_PATCH;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** PUT: of the whole object, with its version or without. */
public abstract class PutContract {
  private static final String LEASES = "/apis/coordination.k8s.io/v1/namespaces/%s/leases";
  @RegisterExtension private final Place place;
  private final Caller caller;

  public PutContract(ServerUnderTest server) {
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
}
