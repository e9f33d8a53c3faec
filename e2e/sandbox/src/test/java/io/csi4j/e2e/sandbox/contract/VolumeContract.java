package io.csi4j.e2e.sandbox.contract;

import static io.csi4j.e2e.sandbox.contract.Caller.MERGE_PATCH;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Defaults and rules of volumes and attachments; kubelet-and-cluster 3.1 and 3.2. */
public abstract class VolumeContract {
  private static final String ATTACHMENTS = "/apis/storage.k8s.io/v1/volumeattachments";
  private static final String VOLUMES = "/api/v1/persistentvolumes";
  @RegisterExtension private final Place place;
  private final Caller caller;

  public VolumeContract(ServerUnderTest server) {
    place = new Place(server);
    caller = place.caller;
  }

  @Test
  void given_a_volume_then_its_defaults_and_its_protection() throws Exception {
    var name = Place.unique("volume");
    var made = place.created(VOLUMES, Place.volume(name));

    assertThat(made.text("/spec/persistentVolumeReclaimPolicy")).isEqualTo("Retain");
    assertThat(made.text("/spec/volumeMode")).isEqualTo("Filesystem");
    assertThat(made.text("/status/phase")).isEqualTo("Pending");
    assertThat(made.text("/status/lastPhaseTransitionTime")).isNotEmpty();
    assertThat(made.body().at("/metadata/finalizers").toString())
        .isEqualTo("[\"kubernetes.io/pv-protection\"]");
    caller.delete(VOLUMES + "/" + name);
  }

  @Test
  void given_a_volume_without_a_source_or_handle_then_invalid() throws Exception {
    var noSource =
        caller.post(
            VOLUMES,
            "{\"metadata\":{\"name\":\"v\"},\"spec\":{\"accessModes\":[\"ReadWriteOnce\"],\"capacity\":{\"storage\":\"1Gi\"}}}");
    var noHandle = caller.post(VOLUMES, Place.volume("v").replace(",\"volumeHandle\":\"h-1\"", ""));

    assertThat(noSource.code()).isEqualTo(422);
    assertThat(noSource.message()).contains("must specify a volume type");
    assertThat(noHandle.code()).isEqualTo(422);
    assertThat(noHandle.message()).contains("spec.csi.volumeHandle: Required value");
  }

  @Test
  void given_a_volume_then_its_source_stays_and_its_size_may_change() throws Exception {
    var name = Place.unique("volume");
    place.created(VOLUMES, Place.volume(name));
    var path = VOLUMES + "/" + name;

    var handle = caller.patch(path, MERGE_PATCH, "{\"spec\":{\"csi\":{\"volumeHandle\":\"h-2\"}}}");
    var size = caller.patch(path, MERGE_PATCH, "{\"spec\":{\"capacity\":{\"storage\":\"2Gi\"}}}");
    var mode = caller.patch(path, MERGE_PATCH, "{\"spec\":{\"volumeMode\":\"Block\"}}");

    assertThat(handle.code()).isEqualTo(422);
    assertThat(handle.message())
        .contains("spec.persistentvolumesource is immutable after creation");
    assertThat(size.code()).isEqualTo(200);
    assertThat(mode.code()).isEqualTo(422);
    caller.delete(path);
  }

  @Test
  void given_an_attachment_then_its_specification_stays() throws Exception {
    var name = Place.unique("attachment");
    var made =
        place.created(
            ATTACHMENTS,
            """
            {"metadata":{"name":"%s"},"spec":{"attacher":"x.csi4j.io","nodeName":"n","source":{"persistentVolumeName":"v"}}}"""
                .formatted(name));

    var refused =
        caller.patch(ATTACHMENTS + "/" + name, MERGE_PATCH, "{\"spec\":{\"nodeName\":\"m\"}}");

    assertThat(made.body().at("/status/attached").asText()).isEqualTo("false");
    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message()).contains("field is immutable");
    caller.delete(ATTACHMENTS + "/" + name);
  }

  @Test
  void given_an_attachment_without_a_source_then_invalid() throws Exception {
    var refused =
        caller.post(
            ATTACHMENTS,
            """
            {"metadata":{"name":"a"},"spec":{"attacher":"x.csi4j.io","nodeName":"n","source":{}}}""");

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message())
        .contains("must specify exactly one of inlineVolumeSpec and persistentVolumeName");
  }
}
