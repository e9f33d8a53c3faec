package io.csi4j.e2e.sandbox.contract;

import static io.csi4j.e2e.sandbox.contract.Caller.MERGE_PATCH;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.e2e.sandbox.contract.Caller.Reply;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Defaults and rules of claims; kubelet-and-cluster 3.1 and 3.2. */
public abstract class ClaimContract {
  private static final String STORAGE = "/apis/storage.k8s.io/v1/";
  private static final String VOLUMES = "/api/v1/persistentvolumes";
  @RegisterExtension private final Place place;
  private final Caller caller;

  public ClaimContract(ServerUnderTest server) {
    place = new Place(server);
    caller = place.caller;
  }

  private Reply claim(String name) throws IOException {
    return place.created(place.core("persistentvolumeclaims"), Place.claim(name));
  }

  private Reply patchClaim(String name, String patch) throws IOException {
    return caller.patch(place.core("persistentvolumeclaims/" + name), MERGE_PATCH, patch);
  }

  /**
   * Binds a claim to a volume of its own. A volume controller, where there is one, does the same at
   * the same time; what it finds done, it leaves.
   */
  private void bind(String name, String className) throws Exception {
    var volume = Place.unique("volume");
    var claim = caller.get(place.core("persistentvolumeclaims/" + name));
    var reference =
        "\"claimRef\":{\"kind\":\"PersistentVolumeClaim\",\"apiVersion\":\"v1\",\"namespace\":\"%s\",\"name\":\"%s\",\"uid\":\"%s\"},"
            .formatted(place.name, name, claim.text("/metadata/uid"));
    place.created(
        VOLUMES,
        Place.volume(volume)
            .replace("none-such", className)
            .replace("\"csi\"", reference + "\"csi\""));
    patchClaim(
        name,
        "{\"metadata\":{\"annotations\":{\"pv.kubernetes.io/bind-completed\":\"yes\"}},\"spec\":{\"volumeName\":\"%s\"}}"
            .formatted(volume));
    caller.patch(
        place.core("persistentvolumeclaims/" + name + "/status"),
        MERGE_PATCH,
        "{\"status\":{\"phase\":\"Bound\",\"accessModes\":[\"ReadWriteOnce\"],\"capacity\":{\"storage\":\"1Gi\"}}}");
    Place.eventually(
        "bound",
        () ->
            caller
                .get(place.core("persistentvolumeclaims/" + name))
                .text("/status/phase")
                .equals("Bound"));
  }

  @Test
  void given_a_claim_then_its_defaults_and_its_protection() throws Exception {
    var made = claim("c");

    assertThat(made.text("/spec/volumeMode")).isEqualTo("Filesystem");
    assertThat(made.text("/status/phase")).isEqualTo("Pending");
    assertThat(made.body().at("/metadata/finalizers").toString())
        .isEqualTo("[\"kubernetes.io/pvc-protection\"]");
  }

  @Test
  void given_a_size_in_odd_words_then_it_is_written_in_one_way() throws Exception {
    var body = Place.claim("c").replace("1Gi", "1024Mi");

    var made = place.created(place.core("persistentvolumeclaims"), body);

    assertThat(made.text("/spec/resources/requests/storage")).isEqualTo("1Gi");
    var other =
        place.created(
            place.core("persistentvolumeclaims"), Place.claim("d").replace("1Gi", "1.5Gi"));
    assertThat(other.text("/spec/resources/requests/storage")).isEqualTo("1536Mi");
    var decimal =
        place.created(
            place.core("persistentvolumeclaims"), Place.claim("e").replace("1Gi", "3000000k"));
    assertThat(decimal.text("/spec/resources/requests/storage")).isEqualTo("3G");
  }

  @Test
  void given_a_claim_without_size_modes_or_with_wrong_ones_then_invalid() throws Exception {
    var path = place.core("persistentvolumeclaims");
    var noSize =
        caller.post(
            path, "{\"metadata\":{\"name\":\"c\"},\"spec\":{\"accessModes\":[\"ReadWriteOnce\"]}}");
    var noModes =
        caller.post(
            path,
            "{\"metadata\":{\"name\":\"c\"},\"spec\":{\"resources\":{\"requests\":{\"storage\":\"1Gi\"}}}}");
    var mode = caller.post(path, Place.claim("c").replace("ReadWriteOnce", "ReadSometimes"));
    var nothing = caller.post(path, Place.claim("c").replace("1Gi", "0"));
    var two =
        caller.post(
            path,
            Place.claim("c")
                .replace("\"ReadWriteOnce\"", "\"ReadWriteOnce\",\"ReadWriteOncePod\""));

    assertThat(noSize.message()).contains("spec.resources[storage]: Required value");
    assertThat(noModes.message())
        .contains("spec.accessModes: Required value: at least 1 access mode is required");
    assertThat(mode.message()).contains("spec.accessModes: Unsupported value: \"ReadSometimes\"");
    assertThat(nothing.message())
        .contains("spec.resources[storage]: Invalid value: \"0\": must be greater than zero");
    assertThat(two.message()).contains("may not use ReadWriteOncePod with other access modes");
  }

  @Test
  void given_a_default_class_then_a_claim_without_one_gets_it() throws Exception {
    var name = Place.unique("class");
    place.created(
        STORAGE + "storageclasses",
        """
        {"metadata":{"name":"%s","annotations":{"storageclass.kubernetes.io/is-default-class":"true"}},"provisioner":"x.csi4j.io"}"""
            .formatted(name));
    // Admission reads classes through a cache of its own.
    Place.eventually(
        "the default is known",
        () -> {
          var tried =
              caller.post(
                  place.core("persistentvolumeclaims") + "?dryRun=All",
                  Place.claim("c").replace("\"storageClassName\":\"none-such\",", ""));
          return tried.text("/spec/storageClassName").equals(name);
        });
    caller.delete(STORAGE + "storageclasses/" + name);
  }

  /** Scenario 58 and table 3.2: what of a claim may change. */
  @Test
  void given_a_claim_then_its_specification_stays() throws Exception {
    claim("c");

    var modes = patchClaim("c", "{\"spec\":{\"accessModes\":[\"ReadWriteMany\"]}}");
    var name = patchClaim("c", "{\"spec\":{\"storageClassName\":\"other\"}}");

    assertThat(modes.code()).isEqualTo(422);
    assertThat(modes.message())
        .contains(
            "spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims");
    assertThat(name.code()).isEqualTo(422);
  }

  @Test
  void given_a_claim_that_is_not_bound_when_it_grows_then_refused() throws Exception {
    claim("c");

    var refused =
        patchClaim("c", "{\"spec\":{\"resources\":{\"requests\":{\"storage\":\"2Gi\"}}}}");

    assertThat(refused.code()).isIn(403, 422);
  }

  /** Scenario 59. */
  @Test
  void given_a_class_that_does_not_allow_it_when_a_claim_grows_then_forbidden() throws Exception {
    claim("c");
    bind("c", "none-such");

    var refused =
        patchClaim("c", "{\"spec\":{\"resources\":{\"requests\":{\"storage\":\"2Gi\"}}}}");

    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.message())
        .contains(
            "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize");
  }

  /** Scenario 58. */
  @Test
  void given_a_bound_claim_when_it_shrinks_then_only_to_more_than_it_has() throws Exception {
    var name = Place.unique("class");
    place.created(
        STORAGE + "storageclasses",
        "{\"metadata\":{\"name\":\"%s\"},\"provisioner\":\"x.csi4j.io\",\"allowVolumeExpansion\":true}"
            .formatted(name));
    place.created(
        place.core("persistentvolumeclaims"), Place.claim("c").replace("none-such", name));
    bind("c", name);
    var size = "{\"spec\":{\"resources\":{\"requests\":{\"storage\":\"%s\"}}}}";

    Place.eventually("it grows", () -> patchClaim("c", size.formatted("3Gi")).code() == 200);
    var some = patchClaim("c", size.formatted("2Gi"));
    var tooMuch = patchClaim("c", size.formatted("1Gi"));

    assertThat(some.code()).isEqualTo(200);
    assertThat(tooMuch.code()).isEqualTo(422);
    assertThat(tooMuch.message()).contains("field can not be less than status.capacity");
    caller.delete(STORAGE + "storageclasses/" + name);
  }

  @Test
  void given_a_claim_from_a_snapshot_then_both_fields_name_the_source() throws Exception {
    var source =
        "\"dataSource\":{\"apiGroup\":\"snapshot.storage.k8s.io\",\"kind\":\"VolumeSnapshot\",\"name\":\"s\"},";
    var body = Place.claim("c").replace("\"storageClassName\"", source + "\"storageClassName\"");

    var made = place.created(place.core("persistentvolumeclaims"), body);

    assertThat(made.text("/spec/dataSourceRef/name")).isEqualTo("s");
    assertThat(made.body().at("/spec/dataSource")).isEqualTo(made.body().at("/spec/dataSourceRef"));
  }
}
