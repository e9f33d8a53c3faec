package io.csi4j.e2e.sandbox.contract;

import static io.csi4j.e2e.sandbox.contract.Caller.MERGE_PATCH;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** PATCH of objects with a status, and of the status alone. */
public abstract class StatusContract {
  @RegisterExtension private final Place place;
  private final Caller caller;

  public StatusContract(ServerUnderTest server) {
    place = new Place(server);
    caller = place.caller;
  }

  private ObjectNode newConfigMap(String name) throws IOException {
    return (ObjectNode) place.newConfigMap(name).body();
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
}
