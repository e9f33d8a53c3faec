package io.csi4j.e2e.sandbox.contract;

import static io.csi4j.e2e.sandbox.contract.Caller.MERGE_PATCH;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.e2e.sandbox.contract.Caller.Reply;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Watches. */
public abstract class WatchContract {
  private final ServerUnderTest server;
  @RegisterExtension private final Place place;
  private final Caller caller;

  public WatchContract(ServerUnderTest server) {
    this.server = server;
    place = new Place(server);
    caller = place.caller;
  }

  /** Secrets: nobody else makes any in a new namespace. */
  private Reply newSecret(String name, String more) throws IOException {
    return place.created(
        place.core("secrets"), "{\"metadata\":{\"name\":\"%s\"%s}}".formatted(name, more));
  }

  private void label(String name, String value) throws IOException {
    caller.patch(
        place.core("secrets/" + name),
        MERGE_PATCH,
        "{\"metadata\":{\"labels\":{\"l\":\"%s\"}}}".formatted(value));
  }

  private Events watch(String query) throws IOException {
    return caller.watch(place.core("secrets") + query);
  }

  @Test
  void given_a_version_then_what_happens_after_it_is_told_in_order() throws Exception {
    var start = Place.version(newSecret("old", ""));
    newSecret("a", "");
    label("a", "x");

    try (var events = watch("?resourceVersion=" + start)) {
      var added = events.next();
      var modified = events.next();
      caller.delete(place.core("secrets/a"));
      var deleted = events.next();

      assertThat(added.brief()).isEqualTo("ADDED a");
      assertThat(modified.brief()).isEqualTo("MODIFIED a");
      assertThat(deleted.brief()).isEqualTo("DELETED a");
      assertThat(added.object().path("kind").asText()).isEqualTo("Secret");
      assertThat(modified.version()).isGreaterThan(added.version());
      assertThat(deleted.version()).isGreaterThan(modified.version());
      assertThat(deleted.object().at("/metadata/labels/l").asText()).isEqualTo("x");
    }
  }

  @Test
  void given_no_version_then_what_is_there_comes_first() throws Exception {
    newSecret("a", "");
    newSecret("b", "");

    try (var events = watch("")) {
      assertThat(List.of(events.next().brief(), events.next().brief()))
          .containsExactlyInAnyOrder("ADDED a", "ADDED b");
      newSecret("c", "");
      assertThat(events.next().brief()).isEqualTo("ADDED c");
    }
  }

  @Test
  void given_initial_events_wanted_then_a_bookmark_ends_them() throws Exception {
    newSecret("a", "");

    try (var events =
        watch(
            "?sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true")) {
      assertThat(events.next().brief()).isEqualTo("ADDED a");
      var bookmark = events.next();
      assertThat(bookmark.type()).isEqualTo("BOOKMARK");
      assertThat(bookmark.object().at("/metadata/annotations/k8s.io~1initial-events-end").asText())
          .isEqualTo("true");
      assertThat(bookmark.version()).isPositive();
      newSecret("b", "");
      assertThat(events.nextChange().brief()).isEqualTo("ADDED b");
    }
  }

  @Test
  void given_initial_events_wanted_without_a_match_then_invalid() throws Exception {
    var refused = caller.get(place.core("secrets") + "?watch=true&sendInitialEvents=true");

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message())
        .contains("sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
  }

  @Test
  void given_a_version_that_is_forgotten_then_an_error_event_with_410() throws Exception {
    var old = Place.version(newSecret("a", ""));
    label("a", "x");
    server.forgetting().forget(Place.version(newSecret("b", "")));

    try (var events = watch("?resourceVersion=" + old)) {
      assertThat(events.code()).isEqualTo(200);
      var error = events.next();
      assertThat(error.type()).isEqualTo("ERROR");
      assertThat(error.object().path("kind").asText()).isEqualTo("Status");
      assertThat(error.object().path("code").asInt()).isEqualTo(410);
      assertThat(error.object().path("reason").asText()).isEqualTo("Expired");
      assertThat(error.object().path("message").asText())
          .startsWith("too old resource version: %d (".formatted(old));
      assertThat(events.rest()).isEmpty();
    }
  }

  @Test
  void given_no_version_at_all_but_a_word_then_refused() throws Exception {
    assertThat(caller.get(place.core("secrets") + "?watch=true&resourceVersion=now").code())
        .isEqualTo(500);
  }

  /** Whether a bookmark comes before, the API server does not promise. */
  @Test
  void given_a_time_limit_then_the_server_ends_the_watch() throws Exception {
    var start = Place.version(newSecret("a", ""));

    try (var events =
        watch("?allowWatchBookmarks=true&timeoutSeconds=2&resourceVersion=" + start)) {
      assertThat(events.rest())
          .allMatch(event -> event.type().equals("BOOKMARK"))
          .allMatch(event -> event.version() >= start);
    }
  }

  @Test
  void given_a_selector_then_objects_come_and_go_with_their_labels() throws Exception {
    var start = Place.version(newSecret("a", ""));

    try (var events = watch("?labelSelector=l%3Dyes&resourceVersion=" + start)) {
      label("a", "yes");
      label("a", "no");
      newSecret("b", ",\"labels\":{\"l\":\"no\"}");
      newSecret("c", ",\"labels\":{\"l\":\"yes\"}");

      assertThat(events.next().brief()).isEqualTo("ADDED a");
      var left = events.next();
      assertThat(left.brief()).isEqualTo("DELETED a");
      // The object as it was when it still fitted, at the version of the change.
      assertThat(left.object().at("/metadata/labels/l").asText()).isEqualTo("yes");
      assertThat(left.version()).isEqualTo(Place.version(caller.get(place.core("secrets/a"))));
      assertThat(events.next().brief()).isEqualTo("ADDED c");
    }
  }

  @Test
  void given_a_name_as_field_selector_then_only_that_object_is_told() throws Exception {
    var start = Place.version(newSecret("a", ""));

    try (var events = watch("?fieldSelector=metadata.name%3Db&resourceVersion=" + start)) {
      label("a", "x");
      newSecret("b", "");

      assertThat(events.next().brief()).isEqualTo("ADDED b");
    }
  }

  @Test
  void given_a_namespace_then_others_are_not_told() throws Exception {
    var start = Place.version(newSecret("a", ""));

    try (var events = watch("?resourceVersion=" + start);
        var other = Place.open(server)) {
      other.created(other.core("secrets"), "{\"metadata\":{\"name\":\"far\"}}");
      newSecret("near", "");

      assertThat(events.next().brief()).isEqualTo("ADDED near");
    }
  }

  @Test
  void given_all_namespaces_then_all_are_told() throws Exception {
    var start = Place.version(newSecret("a", ""));

    try (var events =
            caller.watch("/api/v1/secrets?labelSelector=run%3Dall&resourceVersion=" + start);
        var other = Place.open(server)) {
      other.created(
          other.core("secrets"), "{\"metadata\":{\"name\":\"far\",\"labels\":{\"run\":\"all\"}}}");
      newSecret("near", ",\"labels\":{\"run\":\"all\"}");

      assertThat(events.next().brief()).isEqualTo("ADDED far");
      assertThat(events.next().brief()).isEqualTo("ADDED near");
    }
  }

  @Test
  void given_a_finalizer_then_the_deletion_is_first_a_change_and_then_an_end() throws Exception {
    var start = Place.version(newSecret("a", ",\"finalizers\":[\"csi4j.io/x\"]"));

    try (var events = watch("?resourceVersion=" + start)) {
      caller.delete(place.core("secrets/a"));
      caller.patch(place.core("secrets/a"), MERGE_PATCH, "{\"metadata\":{\"finalizers\":null}}");

      var marked = events.next();
      assertThat(marked.brief()).isEqualTo("MODIFIED a");
      assertThat(marked.object().at("/metadata").has("deletionTimestamp")).isTrue();
      assertThat(events.next().brief()).isEqualTo("DELETED a");
    }
  }
}
