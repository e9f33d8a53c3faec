package io.csi4j.e2e.sandbox.contract;

import static io.csi4j.e2e.sandbox.contract.Caller.MERGE_PATCH;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.csi4j.e2e.sandbox.contract.Caller.Reply;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** GET of collections: pages, selectors, revisions, tables. */
public abstract class ListContract {
  private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";
  private final ServerUnderTest server;
  @RegisterExtension private final Place place;
  private final Caller caller;

  public ListContract(ServerUnderTest server) {
    this.server = server;
    place = new Place(server);
    caller = place.caller;
  }

  /** Secrets: nobody else makes any in a new namespace. */
  private Reply newSecret(String name, String labels) throws IOException {
    return place.created(
        place.core("secrets"),
        "{\"metadata\":{\"name\":\"%s\",\"labels\":{%s}},\"stringData\":{\"a\":\"1\"}}"
            .formatted(name, labels));
  }

  private Reply list(String query) throws IOException {
    return caller.get(place.core("secrets") + query);
  }

  private static List<String> names(Reply reply) {
    var names = new ArrayList<String>();
    for (JsonNode item : reply.body().path("items")) {
      names.add(item.at("/metadata/name").asText());
    }
    return names;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Test
  void given_some_objects_then_the_list_has_them_in_order_with_its_own_version() throws Exception {
    newSecret("b", "");
    var last = newSecret("a", "");

    var all = list("");

    assertThat(all.code()).isEqualTo(200);
    assertThat(all.text("/kind")).isEqualTo("SecretList");
    assertThat(all.text("/apiVersion")).isEqualTo("v1");
    assertThat(names(all)).containsExactly("a", "b");
    assertThat(Place.version(all)).isGreaterThanOrEqualTo(Place.version(last));
  }

  @Test
  void given_a_list_of_a_built_in_kind_then_items_do_not_repeat_their_kind() throws Exception {
    newSecret("a", "");

    assertThat(list("").body().at("/items/0").has("kind")).isFalse();
  }

  @Test
  void given_nothing_then_items_are_an_empty_list() throws Exception {
    assertThat(list("").body().path("items").isArray()).isTrue();
    assertThat(list("").body().path("items")).isEmpty();
  }

  @Test
  void given_a_limit_then_pages_follow_each_other_and_show_one_moment() throws Exception {
    for (var name : List.of("a", "b", "c", "d", "e")) {
      newSecret(name, "");
    }

    var first = list("?limit=2");
    newSecret("bb", "");
    caller.delete(place.core("secrets/e"));
    var second = list("?limit=2&continue=" + encoded(first.text("/metadata/continue")));
    var third = list("?limit=2&continue=" + encoded(second.text("/metadata/continue")));

    assertThat(names(first)).containsExactly("a", "b");
    assertThat(first.body().at("/metadata/remainingItemCount").asInt()).isEqualTo(3);
    assertThat(names(second)).containsExactly("c", "d");
    assertThat(names(third)).containsExactly("e");
    assertThat(third.text("/metadata/continue")).isEmpty();
    assertThat(Place.version(third)).isEqualTo(Place.version(first));
  }

  @Test
  void given_the_history_is_forgotten_then_the_next_page_is_gone() throws Exception {
    for (var name : List.of("a", "b", "c")) {
      newSecret(name, "");
    }
    var first = list("?limit=1");
    var later = newSecret("d", "");

    server.forgetting().forget(Place.version(later));
    var second = list("?limit=1&continue=" + encoded(first.text("/metadata/continue")));

    assertThat(second.code()).isEqualTo(410);
    assertThat(second.reason()).isEqualTo("Expired");
    assertThat(second.message())
        .startsWith("The provided continue parameter is too old to display a consistent list");
  }

  @Test
  void given_a_continue_token_that_nobody_made_then_bad_request() throws Exception {
    assertThat(list("?limit=1&continue=nonsense").code()).isEqualTo(400);
  }

  @Test
  void given_label_selectors_then_only_what_fits_is_listed() throws Exception {
    newSecret("a", "\"tier\":\"gold\",\"zone\":\"x\"");
    newSecret("b", "\"tier\":\"silver\"");
    newSecret("c", "");

    assertThat(names(list("?labelSelector=" + encoded("tier=gold")))).containsExactly("a");
    assertThat(names(list("?labelSelector=" + encoded("tier==gold,zone=x")))).containsExactly("a");
    assertThat(names(list("?labelSelector=" + encoded("tier!=gold")))).containsExactly("b", "c");
    assertThat(names(list("?labelSelector=" + encoded("tier in (gold, silver)"))))
        .containsExactly("a", "b");
    assertThat(names(list("?labelSelector=" + encoded("tier notin (gold),zone!=y"))))
        .containsExactly("b", "c");
    assertThat(names(list("?labelSelector=" + encoded("tier")))).containsExactly("a", "b");
    assertThat(names(list("?labelSelector=" + encoded("!tier")))).containsExactly("c");
  }

  @Test
  void given_a_label_selector_that_cannot_be_read_then_bad_request() throws Exception {
    assertThat(list("?labelSelector=" + encoded("a b c")).code()).isEqualTo(400);
  }

  @Test
  void given_field_selectors_then_only_what_fits_is_listed() throws Exception {
    newSecret("a", "");
    newSecret("b", "");

    assertThat(names(list("?fieldSelector=" + encoded("metadata.name=a")))).containsExactly("a");
    assertThat(names(list("?fieldSelector=" + encoded("metadata.name!=a,type=Opaque"))))
        .containsExactly("b");
    assertThat(
            names(
                caller.get(
                    "/api/v1/secrets?fieldSelector="
                        + encoded("metadata.namespace=" + place.name))))
        .containsExactly("a", "b");
  }

  @Test
  void given_a_field_that_cannot_be_selected_then_bad_request() throws Exception {
    var refused = list("?fieldSelector=" + encoded("data.a=1"));

    assertThat(refused.code()).isEqualTo(400);
  }

  @Test
  void given_an_exact_version_then_the_list_is_as_it_was() throws Exception {
    var a = newSecret("a", "");
    newSecret("b", "");
    caller.patch(
        place.core("secrets/a"), MERGE_PATCH, "{\"metadata\":{\"labels\":{\"new\":\"yes\"}}}");

    var then = list("?resourceVersionMatch=Exact&resourceVersion=" + Place.version(a));

    assertThat(names(then)).containsExactly("a");
    assertThat(then.body().at("/items/0/metadata/labels").isMissingNode()).isTrue();
    assertThat(Place.version(then)).isEqualTo(Place.version(a));
  }

  @Test
  void given_a_version_not_to_be_older_than_then_the_list_is_at_least_as_new() throws Exception {
    newSecret("a", "");
    var b = newSecret("b", "");

    var now = list("?resourceVersionMatch=NotOlderThan&resourceVersion=" + Place.version(b));

    assertThat(names(now)).containsExactly("a", "b");
    assertThat(Place.version(now)).isGreaterThanOrEqualTo(Place.version(b));
  }

  @Test
  void given_a_version_from_the_future_then_a_time_out_that_says_so() throws Exception {
    var version = Place.version(newSecret("a", ""));

    var refused =
        list("?resourceVersionMatch=NotOlderThan&resourceVersion=" + (version + 1_000_000));

    assertThat(refused.code()).isEqualTo(504);
    assertThat(refused.text("/details/causes/0/reason")).isEqualTo("ResourceVersionTooLarge");
    assertThat(refused.message()).contains("Too large resource version");
  }

  @Test
  void given_a_match_without_a_version_then_invalid() throws Exception {
    var without = list("?resourceVersionMatch=Exact");
    var zero = list("?resourceVersionMatch=Exact&resourceVersion=0");
    var word = list("?resourceVersionMatch=Roughly&resourceVersion=5");

    assertThat(List.of(without.code(), zero.code(), word.code())).containsOnly(422);
    assertThat(without.message())
        .contains("resourceVersionMatch is forbidden unless resourceVersion is provided");
    assertThat(zero.message())
        .contains("resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
  }

  @Test
  void given_no_such_object_then_not_found() throws Exception {
    var missing = caller.get(place.core("secrets/none"));

    assertThat(missing.code()).isEqualTo(404);
    assertThat(missing.message()).isEqualTo("secrets \"none\" not found");
    assertThat(missing.text("/details/name")).isEqualTo("none");
  }

  @Test
  void given_a_table_wanted_then_columns_and_cells_are_the_servers() throws Exception {
    place.created(place.core("persistentvolumeclaims"), Place.claim("c"));

    var table = caller.call("GET", place.core("persistentvolumeclaims"), "", "", TABLE);

    assertThat(table.text("/kind")).isEqualTo("Table");
    var columns = new ArrayList<String>();
    table
        .body()
        .path("columnDefinitions")
        .forEach(
            column -> columns.add(column.path("name").asText() + column.path("priority").asText()));
    assertThat(columns)
        .containsExactly(
            "Name0",
            "Status0",
            "Volume0",
            "Capacity0",
            "Access Modes0",
            "StorageClass0",
            "VolumeAttributesClass0",
            "Age0",
            "VolumeMode1");
    assertThat(table.text("/rows/0/cells/0")).isEqualTo("c");
    assertThat(table.text("/rows/0/cells/1")).isEqualTo("Pending");
    assertThat(table.text("/rows/0/cells/5")).isEqualTo("none-such");
    assertThat(table.text("/rows/0/cells/6")).isEqualTo("<unset>");
    assertThat(table.text("/rows/0/object/kind")).isEqualTo("PartialObjectMetadata");
    assertThat(table.text("/rows/0/object/metadata/name")).isEqualTo("c");
  }

  /** The same columns for all kinds that a storage engineer looks at. */
  @Test
  void given_tables_of_other_kinds_then_their_columns_are_the_servers() throws Exception {
    assertThat(columns("/api/v1/persistentvolumes"))
        .isEqualTo(
            "Name,Capacity,Access Modes,Reclaim Policy,Status,Claim,StorageClass,VolumeAttributesClass,Reason,Age,VolumeMode");
    assertThat(columns("/apis/storage.k8s.io/v1/storageclasses"))
        .isEqualTo("Name,Provisioner,ReclaimPolicy,VolumeBindingMode,AllowVolumeExpansion,Age");
    assertThat(columns("/apis/storage.k8s.io/v1/volumeattachments"))
        .isEqualTo("Name,Attacher,PV,Node,Attached,Age");
    assertThat(columns("/apis/storage.k8s.io/v1/csidrivers"))
        .isEqualTo(
            "Name,AttachRequired,PodInfoOnMount,StorageCapacity,TokenRequests,RequiresRepublish,Modes,Age");
    assertThat(columns("/apis/storage.k8s.io/v1/csinodes")).isEqualTo("Name,Drivers,Age");
    assertThat(columns("/apis/storage.k8s.io/v1/volumeattributesclasses"))
        .isEqualTo("Name,DriverName,Age");
    assertThat(columns("/apis/storage.k8s.io/v1/csistoragecapacities"))
        .isEqualTo("Name,Created At");
    assertThat(columns("/api/v1/pods"))
        .isEqualTo("Name,Ready,Status,Restarts,Age,IP,Node,Nominated Node,Readiness Gates");
    assertThat(columns("/api/v1/nodes"))
        .isEqualTo(
            "Name,Status,Roles,Age,Version,Internal-IP,External-IP,OS-Image,Kernel-Version,Container-Runtime");
    assertThat(columns("/api/v1/secrets")).isEqualTo("Name,Type,Data,Age");
    assertThat(columns("/api/v1/configmaps")).isEqualTo("Name,Data,Age");
    assertThat(columns("/api/v1/serviceaccounts")).isEqualTo("Name,Age");
    assertThat(columns("/api/v1/namespaces")).isEqualTo("Name,Status,Age");
    assertThat(columns("/apis/coordination.k8s.io/v1/leases")).isEqualTo("Name,Holder,Age");
    assertThat(columns("/api/v1/events"))
        .isEqualTo("Last Seen,Type,Reason,Object,Subobject,Source,Message,First Seen,Count,Name");
  }

  private String columns(String path) throws IOException {
    var table = caller.call("GET", path, "", "", TABLE);
    var columns = new ArrayList<String>();
    table
        .body()
        .path("columnDefinitions")
        .forEach(column -> columns.add(column.path("name").asText()));
    return String.join(",", columns);
  }
}
