package io.csi4j.e2e.sandbox.contract;

import static io.csi4j.e2e.sandbox.contract.Caller.MERGE_PATCH;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** DELETE: finalizers, preconditions, dependants, namespaces. */
public abstract class DeleteContract {
  private final ServerUnderTest server;
  @RegisterExtension private final Place place;
  private final Caller caller;

  public DeleteContract(ServerUnderTest server) {
    this.server = server;
    place = new Place(server);
    caller = place.caller;
  }

  private static String owned(String owner, String uid) {
    return owned(owner, uid, "");
  }

  private static String owned(String owner, String uid, String more) {
    return ",\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"name\":\"%s\",\"uid\":\"%s\"%s}]"
        .formatted(owner, uid, more);
  }

  private boolean isGone(String name) throws IOException {
    return caller.get(place.configMap(name)).code() == 404;
  }

  @Test
  void given_no_finalizer_then_it_goes_at_once_and_a_status_tells() throws Exception {
    var made = place.newConfigMap("a");

    var gone = caller.delete(place.configMap("a"));

    assertThat(gone.code()).isEqualTo(200);
    assertThat(gone.text("/kind")).isEqualTo("Status");
    assertThat(gone.text("/status")).isEqualTo("Success");
    assertThat(gone.text("/details/name")).isEqualTo("a");
    assertThat(gone.text("/details/kind")).isEqualTo("configmaps");
    assertThat(gone.text("/details/uid")).isEqualTo(made.text("/metadata/uid"));
    assertThat(isGone("a")).isTrue();
  }

  @Test
  void given_a_storage_class_then_the_answer_is_the_object() throws Exception {
    var name = Place.unique("class");
    var path = "/apis/storage.k8s.io/v1/storageclasses";
    place.created(path, "{\"metadata\":{\"name\":\"%s\"},\"provisioner\":\"x\"}".formatted(name));

    var gone = caller.delete(path + "/" + name);

    assertThat(gone.text("/kind")).isEqualTo("StorageClass");
    assertThat(gone.text("/metadata/name")).isEqualTo(name);
  }

  @Test
  void given_nothing_there_then_not_found() throws Exception {
    var refused = caller.delete(place.configMap("none"));

    assertThat(refused.code()).isEqualTo(404);
    assertThat(refused.message()).isEqualTo("configmaps \"none\" not found");
    assertThat(refused.reason()).isEqualTo("NotFound");
  }

  @Test
  void given_a_finalizer_then_it_stays_until_the_last_one_goes() throws Exception {
    place.newConfigMap("a", ",\"finalizers\":[\"csi4j.io/x\",\"csi4j.io/y\"]");

    var marked = caller.delete(place.configMap("a"));

    assertThat(marked.code()).isEqualTo(200);
    assertThat(marked.text("/kind")).isEqualTo("ConfigMap");
    assertThat(marked.text("/metadata/deletionTimestamp")).isNotEmpty();
    assertThat(marked.body().at("/metadata/deletionGracePeriodSeconds").asInt(-1)).isZero();
    caller.patch(
        place.configMap("a"), MERGE_PATCH, "{\"metadata\":{\"finalizers\":[\"csi4j.io/y\"]}}");
    assertThat(isGone("a")).isFalse();
    var last =
        caller.patch(place.configMap("a"), MERGE_PATCH, "{\"metadata\":{\"finalizers\":null}}");
    assertThat(last.code()).isEqualTo(200);
    assertThat(isGone("a")).isTrue();
  }

  @Test
  void given_an_object_in_deletion_when_deleted_again_then_nothing_is_written() throws Exception {
    place.newConfigMap("a", ",\"finalizers\":[\"csi4j.io/x\"]");
    var marked = caller.delete(place.configMap("a"));

    var again = caller.delete(place.configMap("a"));

    assertThat(again.code()).isEqualTo(200);
    assertThat(Place.version(again)).isEqualTo(Place.version(marked));
    caller.patch(place.configMap("a"), MERGE_PATCH, "{\"metadata\":{\"finalizers\":null}}");
  }

  @Test
  void given_an_object_in_deletion_then_no_finalizer_can_be_added_nor_the_deletion_undone()
      throws Exception {
    place.newConfigMap("a", ",\"finalizers\":[\"csi4j.io/x\"]");
    caller.delete(place.configMap("a"));

    var refused =
        caller.patch(
            place.configMap("a"),
            MERGE_PATCH,
            "{\"metadata\":{\"finalizers\":[\"csi4j.io/x\",\"csi4j.io/new\"]}}");
    var undone =
        caller.patch(
            place.configMap("a"), MERGE_PATCH, "{\"metadata\":{\"deletionTimestamp\":null}}");

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message())
        .isEqualTo(
            "ConfigMap \"a\" is invalid: metadata.finalizers: Forbidden: no new finalizers can be"
                + " added if the object is being deleted, found new finalizers []string{\"csi4j.io/new\"}");
    assertThat(undone.text("/metadata/deletionTimestamp")).isNotEmpty();
    caller.patch(place.configMap("a"), MERGE_PATCH, "{\"metadata\":{\"finalizers\":null}}");
  }

  @Test
  void given_preconditions_that_do_not_hold_then_conflict() throws Exception {
    var made = place.newConfigMap("a");

    var uid = caller.delete(place.configMap("a"), "{\"preconditions\":{\"uid\":\"another\"}}");
    var version =
        caller.delete(place.configMap("a"), "{\"preconditions\":{\"resourceVersion\":\"1\"}}");
    var both =
        caller.delete(
            place.configMap("a"),
            "{\"preconditions\":{\"uid\":\"%s\",\"resourceVersion\":\"%s\"}}"
                .formatted(made.text("/metadata/uid"), made.text("/metadata/resourceVersion")));

    assertThat(uid.code()).isEqualTo(409);
    assertThat(uid.message())
        .startsWith(
            "Operation cannot be fulfilled on ConfigMap \"a\": the UID in the precondition (another) does not match the UID in record (");
    assertThat(version.code()).isEqualTo(409);
    assertThat(version.message())
        .startsWith(
            "Operation cannot be fulfilled on ConfigMap \"a\": the ResourceVersion in the precondition (1) does not match");
    assertThat(both.code()).isEqualTo(200);
  }

  @Test
  void given_a_dry_run_then_it_stays() throws Exception {
    place.newConfigMap("a");

    assertThat(caller.delete(place.configMap("a") + "?dryRun=All").code()).isEqualTo(200);
    assertThat(isGone("a")).isFalse();
  }

  @Test
  void given_a_selector_when_a_collection_is_deleted_then_what_fits_goes() throws Exception {
    place.newConfigMap("a", ",\"labels\":{\"go\":\"yes\"}");
    place.newConfigMap("b", ",\"labels\":{\"go\":\"yes\"}");
    place.newConfigMap("c", ",\"labels\":{\"go\":\"no\"}");

    var gone = caller.delete(place.configMaps() + "?labelSelector=go%3Dyes");

    assertThat(gone.code()).isEqualTo(200);
    assertThat(isGone("a") && isGone("b")).isTrue();
    assertThat(isGone("c")).isFalse();
  }

  @Test
  void given_an_owner_when_it_goes_then_what_it_owns_follows() throws Exception {
    var uid = place.newConfigMap("owner").text("/metadata/uid");
    place.newConfigMap("owned", owned("owner", uid));
    var second = place.newConfigMap("second").text("/metadata/uid");
    place.newConfigMap("kept", owned("second", second));

    caller.delete(place.configMap("owner"), "{\"propagationPolicy\":\"Background\"}");

    Place.eventually("the owned object goes", () -> isGone("owned"));
    assertThat(isGone("kept")).isFalse();
  }

  @Test
  void given_orphans_wanted_when_the_owner_goes_then_what_it_owned_stays_without_reference()
      throws Exception {
    var uid = place.newConfigMap("owner").text("/metadata/uid");
    place.newConfigMap("owned", owned("owner", uid));
    // The garbage collector must know of the reference before it can remove it.
    Thread.sleep(500);

    caller.delete(place.configMap("owner"), "{\"propagationPolicy\":\"Orphan\"}");

    Place.eventually("the owner goes", () -> isGone("owner"));
    Place.eventually(
        "the reference goes",
        () ->
            caller
                .get(place.configMap("owned"))
                .body()
                .at("/metadata/ownerReferences")
                .isMissingNode());
    assertThat(isGone("owned")).isFalse();
  }

  @Test
  void given_foreground_deletion_then_the_owner_waits_for_those_that_block() throws Exception {
    var uid = place.newConfigMap("owner").text("/metadata/uid");
    place.newConfigMap(
        "owned",
        owned("owner", uid, ",\"blockOwnerDeletion\":true") + ",\"finalizers\":[\"csi4j.io/x\"]");
    Thread.sleep(500);

    var marked = caller.delete(place.configMap("owner"), "{\"propagationPolicy\":\"Foreground\"}");

    assertThat(marked.body().at("/metadata/finalizers").toString()).contains("foregroundDeletion");
    Place.eventually(
        "the owned object is marked",
        () -> caller.get(place.configMap("owned")).body().at("/metadata").has("deletionTimestamp"));
    assertThat(isGone("owner")).isFalse();
    caller.patch(place.configMap("owned"), MERGE_PATCH, "{\"metadata\":{\"finalizers\":null}}");
    Place.eventually("the owner goes", () -> isGone("owner"));
  }

  @Test
  void given_a_namespace_when_it_is_deleted_then_its_content_goes_first() throws Exception {
    var other = Place.open(server);
    other.newConfigMap("a", ",\"finalizers\":[\"csi4j.io/x\"]");
    var path = "/api/v1/namespaces/" + other.name;

    var marked = caller.delete(path);

    assertThat(marked.code()).isEqualTo(200);
    Place.eventually(
        "the content is marked",
        () -> caller.get(other.configMap("a")).body().at("/metadata").has("deletionTimestamp"));
    assertThat(caller.get(path).text("/status/phase")).isEqualTo("Terminating");
    var refused = caller.post(other.configMaps(), "{\"metadata\":{\"name\":\"late\"}}");
    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.message())
        .isEqualTo(
            "configmaps \"late\" is forbidden: unable to create new content in namespace %s because it is being terminated"
                .formatted(other.name));
    caller.patch(other.configMap("a"), MERGE_PATCH, "{\"metadata\":{\"finalizers\":null}}");
    Place.eventually("the namespace goes", () -> caller.get(path).code() == 404);
    other.close();
  }

  /** Section 4.6, first row. */
  @Test
  void given_a_claim_that_no_pod_uses_when_it_is_deleted_then_its_protection_goes()
      throws Exception {
    place.created(place.core("persistentvolumeclaims"), Place.claim("c"));

    caller.delete(place.core("persistentvolumeclaims/c"));

    Place.eventually(
        "the claim goes", () -> caller.get(place.core("persistentvolumeclaims/c")).code() == 404);
  }

  /** Section 4.6, second row. */
  @Test
  void given_a_volume_that_is_not_bound_when_it_is_deleted_then_its_protection_goes()
      throws Exception {
    var name = Place.unique("volume");
    place.created("/api/v1/persistentvolumes", Place.volume(name));

    var marked = caller.delete("/api/v1/persistentvolumes/" + name);

    assertThat(marked.body().at("/metadata/finalizers").toString())
        .contains("kubernetes.io/pv-protection");
    Place.eventually(
        "the volume goes", () -> caller.get("/api/v1/persistentvolumes/" + name).code() == 404);
  }
}
