package io.csi4j.e2e.sandbox.contract;

import static io.csi4j.e2e.sandbox.contract.Caller.MERGE_PATCH;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.e2e.sandbox.contract.Caller.Reply;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Defaults and rules of the kinds of storage without claims and volumes; kubelet-and-cluster 3.1
 * and 3.2.
 */
public abstract class StorageKindContract {
  private static final String STORAGE = "/apis/storage.k8s.io/v1/";
  @RegisterExtension private final Place place;
  private final Caller caller;

  public StorageKindContract(ServerUnderTest server) {
    place = new Place(server);
    caller = place.caller;
  }

  /** Makes it, lets it go again, and returns what the server made of it. */
  private Reply made(String collection, String name, String rest) throws IOException {
    var made = caller.post(collection, "{\"metadata\":{\"name\":\"%s\"}%s}".formatted(name, rest));
    if (made.code() == 201) {
      caller.delete(collection + "/" + name);
    }
    return made;
  }

  @Test
  void given_a_driver_then_its_defaults() throws Exception {
    var made = made(STORAGE + "csidrivers", Place.unique("driver"), ",\"spec\":{}");

    assertThat(made.code()).isEqualTo(201);
    var spec = made.body().path("spec");
    assertThat(spec.path("attachRequired").asBoolean()).isTrue();
    assertThat(spec.path("podInfoOnMount").asText()).isEqualTo("false");
    assertThat(spec.path("storageCapacity").asText()).isEqualTo("false");
    assertThat(spec.path("fsGroupPolicy").asText()).isEqualTo("ReadWriteOnceWithFSType");
    assertThat(spec.path("volumeLifecycleModes").toString()).isEqualTo("[\"Persistent\"]");
    assertThat(spec.path("requiresRepublish").asText()).isEqualTo("false");
    assertThat(spec.path("seLinuxMount").asText()).isEqualTo("false");
    assertThat(spec).hasSize(7);
  }

  @Test
  void given_a_class_then_its_defaults() throws Exception {
    var made =
        made(STORAGE + "storageclasses", Place.unique("class"), ",\"provisioner\":\"x.csi4j.io\"");

    assertThat(made.text("/reclaimPolicy")).isEqualTo("Delete");
    assertThat(made.text("/volumeBindingMode")).isEqualTo("Immediate");
    assertThat(made.body().has("allowVolumeExpansion")).isFalse();
  }

  @Test
  void given_a_class_without_provisioner_or_with_a_wrong_policy_then_invalid() throws Exception {
    var without = made(STORAGE + "storageclasses", Place.unique("class"), "");
    var wrong =
        made(
            STORAGE + "storageclasses",
            Place.unique("class"),
            ",\"provisioner\":\"x.csi4j.io\",\"reclaimPolicy\":\"Hide\"");

    assertThat(without.code()).isEqualTo(422);
    assertThat(without.text("/details/causes/0/field")).isEqualTo("provisioner");
    assertThat(wrong.code()).isEqualTo(422);
    assertThat(wrong.message())
        .contains(
            "reclaimPolicy: Unsupported value: \"Hide\": supported values: \"Delete\", \"Retain\"");
  }

  @Test
  void given_a_class_then_its_provisioner_and_parameters_stay() throws Exception {
    var name = Place.unique("class");
    place.created(
        STORAGE + "storageclasses",
        "{\"metadata\":{\"name\":\"%s\"},\"provisioner\":\"x.csi4j.io\"}".formatted(name));
    var path = STORAGE + "storageclasses/" + name;

    var provisioner = caller.patch(path, MERGE_PATCH, "{\"provisioner\":\"y.csi4j.io\"}");
    var parameters = caller.patch(path, MERGE_PATCH, "{\"parameters\":{\"a\":\"b\"}}");
    var mode = caller.patch(path, MERGE_PATCH, "{\"volumeBindingMode\":\"WaitForFirstConsumer\"}");
    var expansion = caller.patch(path, MERGE_PATCH, "{\"allowVolumeExpansion\":true}");

    assertThat(provisioner.message())
        .endsWith("is invalid: provisioner: Invalid value: \"y.csi4j.io\": field is immutable");
    assertThat(parameters.message())
        .endsWith("is invalid: parameters: Invalid value: {\"a\":\"b\"}: field is immutable");
    assertThat(mode.message()).contains("volumeBindingMode").contains("field is immutable");
    assertThat(expansion.code()).isEqualTo(200);
    caller.delete(path);
  }

  @Test
  void given_a_driver_then_what_it_promised_stays() throws Exception {
    var name = Place.unique("driver");
    place.created(
        STORAGE + "csidrivers", "{\"metadata\":{\"name\":\"%s\"},\"spec\":{}}".formatted(name));
    var path = STORAGE + "csidrivers/" + name;

    var attach = caller.patch(path, MERGE_PATCH, "{\"spec\":{\"attachRequired\":false}}");
    var modes =
        caller.patch(path, MERGE_PATCH, "{\"spec\":{\"volumeLifecycleModes\":[\"Ephemeral\"]}}");
    var capacity = caller.patch(path, MERGE_PATCH, "{\"spec\":{\"storageCapacity\":true}}");

    assertThat(attach.code()).isEqualTo(422);
    assertThat(modes.code()).isEqualTo(422);
    assertThat(capacity.code()).isEqualTo(200);
    caller.delete(path);
  }

  @Test
  void given_a_driver_with_rules_broken_then_invalid() throws Exception {
    var badName = made(STORAGE + "csidrivers", "Bad_name", ",\"spec\":{}");
    var period =
        made(
            STORAGE + "csidrivers",
            Place.unique("driver"),
            ",\"spec\":{\"nodeAllocatableUpdatePeriodSeconds\":5}");
    var token =
        made(
            STORAGE + "csidrivers",
            Place.unique("driver"),
            ",\"spec\":{\"tokenRequests\":[{\"audience\":\"a\"},{\"audience\":\"a\"},{\"audience\":\"b\",\"expirationSeconds\":5}]}");

    assertThat(badName.code()).isEqualTo(422);
    assertThat(period.code()).isEqualTo(422);
    assertThat(period.message()).contains("spec.nodeAllocatableUpdatePeriodSeconds");
    assertThat(token.code()).isEqualTo(422);
    assertThat(token.message()).contains("Duplicate value: \"a\"").contains("expirationSeconds");
  }

  @Test
  void given_an_attributes_class_then_its_protection_and_what_stays() throws Exception {
    var name = Place.unique("attributes");
    var path = STORAGE + "volumeattributesclasses";
    var made =
        place.created(
            path,
            "{\"metadata\":{\"name\":\"%s\"},\"driverName\":\"x.csi4j.io\",\"parameters\":{\"a\":\"b\"}}"
                .formatted(name));

    var refused = caller.patch(path + "/" + name, MERGE_PATCH, "{\"parameters\":{\"a\":\"c\"}}");
    var none = made(path, Place.unique("attributes"), ",\"driverName\":\"x.csi4j.io\"");

    assertThat(made.body().at("/metadata/finalizers").toString())
        .isEqualTo("[\"kubernetes.io/vac-protection\"]");
    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message()).contains("updates to parameters are forbidden.");
    assertThat(none.code()).isEqualTo(422);
    caller.delete(path + "/" + name);
    Place.eventually("nobody uses it", () -> caller.get(path + "/" + name).code() == 404);
  }

  @Test
  void given_a_node_of_drivers_then_an_entry_stays_but_for_its_limit() throws Exception {
    var name = Place.unique("node");
    var path = STORAGE + "csinodes";
    var drivers =
        "{\"spec\":{\"drivers\":[{\"name\":\"x.csi4j.io\",\"nodeID\":\"%s\",\"topologyKeys\":[\"k\"],\"allocatable\":{\"count\":%d}}]}}";
    place.created(
        path,
        "{\"metadata\":{\"name\":\"%s\"},%s"
            .formatted(name, drivers.formatted("n1", 5).substring(1)));

    var id = caller.patch(path + "/" + name, MERGE_PATCH, drivers.formatted("n2", 5));
    var limit = caller.patch(path + "/" + name, MERGE_PATCH, drivers.formatted("n1", 7));
    var gone = caller.patch(path + "/" + name, MERGE_PATCH, "{\"spec\":{\"drivers\":[]}}");

    assertThat(id.code()).isEqualTo(422);
    assertThat(limit.code()).isEqualTo(200);
    assertThat(gone.code()).isEqualTo(200);
    assertThat(gone.body().at("/spec/drivers").toString()).isIn("null", "[]");
    caller.delete(path + "/" + name);
  }

  @Test
  void given_a_capacity_then_class_and_topology_stay_and_the_size_may_change() throws Exception {
    var path = STORAGE + "namespaces/" + place.name + "/csistoragecapacities";
    place.created(
        path,
        "{\"metadata\":{\"name\":\"k\"},\"storageClassName\":\"a\",\"nodeTopology\":{\"matchLabels\":{\"z\":\"1\"}},\"capacity\":\"1024Mi\"}");

    var size = caller.patch(path + "/k", MERGE_PATCH, "{\"capacity\":\"2Gi\"}");
    var other = caller.patch(path + "/k", MERGE_PATCH, "{\"storageClassName\":\"b\"}");
    var none = caller.post(path, "{\"metadata\":{\"name\":\"l\"}}");

    assertThat(size.text("/capacity")).isEqualTo("2Gi");
    assertThat(other.code()).isEqualTo(422);
    assertThat(none.code()).isEqualTo(422);
  }
}
