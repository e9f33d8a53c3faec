package io.csi4j.e2e.sandbox.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Events, which two groups show; kubelet-and-cluster 3.1. */
public abstract class EventContract {
  @RegisterExtension private final Place place;
  private final Caller caller;

  public EventContract(ServerUnderTest server) {
    place = new Place(server);
    caller = place.caller;
  }

  @Test
  void given_an_event_then_both_groups_show_it_in_their_own_words() throws Exception {
    place.created(
        place.core("events"),
        """
        {"metadata":{"name":"e.1"},"involvedObject":{"kind":"PersistentVolumeClaim","apiVersion":"v1","namespace":"%s","name":"c"},
         "reason":"Provisioning","message":"hello","type":"Normal","count":1,"source":{"component":"me"},
         "firstTimestamp":"2026-01-01T00:00:00Z","lastTimestamp":"2026-01-01T00:00:00Z"}"""
            .formatted(place.name));

    var other = caller.get("/apis/events.k8s.io/v1/namespaces/" + place.name + "/events/e.1");
    var found =
        caller.get(
            place.core("events")
                + "?fieldSelector=involvedObject.name%3Dc,involvedObject.kind%3DPersistentVolumeClaim");
    var lost = caller.get(place.core("events") + "?fieldSelector=involvedObject.name%3Dother");

    assertThat(other.text("/apiVersion")).isEqualTo("events.k8s.io/v1");
    assertThat(other.text("/note")).isEqualTo("hello");
    assertThat(other.text("/regarding/name")).isEqualTo("c");
    assertThat(other.text("/deprecatedSource/component")).isEqualTo("me");
    assertThat(other.text("/deprecatedCount")).isEqualTo("1");
    assertThat(found.body().path("items")).hasSize(1);
    assertThat(lost.body().path("items")).isEmpty();
  }

  @Test
  void given_an_event_of_the_newer_group_then_the_older_shows_it_too() throws Exception {
    var path = "/apis/events.k8s.io/v1/namespaces/" + place.name + "/events";
    place.created(
        path,
        """
        {"metadata":{"name":"e.2"},"regarding":{"kind":"Pod","apiVersion":"v1","namespace":"%s","name":"p"},
         "reason":"Attached","note":"there","type":"Normal","action":"Attach","eventTime":"2026-01-01T00:00:00.000000Z",
         "reportingController":"csi4j.io/attacher","reportingInstance":"one"}"""
            .formatted(place.name));

    var core = caller.get(place.core("events/e.2"));
    var bare =
        caller.post(
            path,
            "{\"metadata\":{\"name\":\"e.3\"},\"regarding\":{\"namespace\":\"%s\"}}"
                .formatted(place.name));

    assertThat(core.text("/message")).isEqualTo("there");
    assertThat(core.text("/involvedObject/name")).isEqualTo("p");
    assertThat(core.text("/reportingComponent")).isEqualTo("csi4j.io/attacher");
    assertThat(core.text("/apiVersion")).isEqualTo("v1");
    assertThat(bare.code()).isEqualTo(422);
  }

  @Test
  void given_an_event_about_another_namespace_then_invalid() throws Exception {
    var refused =
        caller.post(
            place.core("events"),
            "{\"metadata\":{\"name\":\"e.1\"},\"involvedObject\":{\"namespace\":\"default\",\"name\":\"x\"}}");

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message()).contains("does not match event.namespace");
  }
}
