package io.csi4j.e2e.sandbox.contract;

import static io.csi4j.e2e.sandbox.contract.Caller.MERGE_PATCH;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.e2e.sandbox.contract.Caller.Reply;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Defaults and rules of the kinds of storage; kubelet-and-cluster 3.1 and 3.2. */
public abstract class StorageKindContract {
  private static final String STORAGE = "/apis/storage.k8s.io/v1/";
  private static final String VOLUMES = "/api/v1/persistentvolumes";
  private final ServerUnderTest server;
  private Place place;
  private Caller caller;

  public StorageKindContract(ServerUnderTest server) {
    this.server = server;
  }

  @BeforeEach
  void opens() throws IOException {
    place = new Place(server);
    caller = place.caller;
  }

  @AfterEach
  void closes() throws IOException {
    place.close();
  }

  /** Makes it, lets it go again, and returns what the server made of it. */
  private Reply made(String collection, String name, String rest) throws IOException {
    var made = caller.post(collection, "{\"metadata\":{\"name\":\"%s\"}%s}".formatted(name, rest));
    if (made.code() == 201) {
      caller.delete(collection + "/" + name);
    }
    return made;
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
    var path = STORAGE + "volumeattachments";
    var made =
        place.created(
            path,
            """
            {"metadata":{"name":"%s"},"spec":{"attacher":"x.csi4j.io","nodeName":"n","source":{"persistentVolumeName":"v"}}}"""
                .formatted(name));

    var refused = caller.patch(path + "/" + name, MERGE_PATCH, "{\"spec\":{\"nodeName\":\"m\"}}");

    assertThat(made.body().at("/status/attached").asText()).isEqualTo("false");
    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message()).contains("field is immutable");
    caller.delete(path + "/" + name);
  }

  @Test
  void given_an_attachment_without_a_source_then_invalid() throws Exception {
    var refused =
        made(
            STORAGE + "volumeattachments",
            Place.unique("attachment"),
            ",\"spec\":{\"attacher\":\"x.csi4j.io\",\"nodeName\":\"n\",\"source\":{}}");

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message())
        .contains("must specify exactly one of inlineVolumeSpec and persistentVolumeName");
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

  @Test
  void given_a_pod_then_its_defaults() throws Exception {
    Place.eventually(
        "the default account",
        () -> caller.get(place.core("serviceaccounts/default")).code() == 200);
    var made =
        place.created(
            place.core("pods"),
            """
            {"metadata":{"name":"p"},"spec":{"automountServiceAccountToken":false,"schedulerName":"nobody",
             "containers":[{"name":"c","image":"registry.csi4j.io/x:1","volumeMounts":[{"name":"v","mountPath":"/v"}]}],
             "volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"c"}}]}}""");

    assertThat(made.text("/status/phase")).isEqualTo("Pending");
    assertThat(made.text("/spec/restartPolicy")).isEqualTo("Always");
    assertThat(made.text("/spec/terminationGracePeriodSeconds")).isEqualTo("30");
    assertThat(made.text("/spec/serviceAccountName")).isEqualTo("default");
    assertThat(made.text("/spec/containers/0/imagePullPolicy")).isEqualTo("IfNotPresent");
    assertThat(made.text("/spec/dnsPolicy")).isEqualTo("ClusterFirst");
    assertThat(made.body().at("/spec/tolerations")).hasSize(2);
  }

  @Test
  void given_a_pod_with_a_mount_of_no_volume_then_invalid() throws Exception {
    Place.eventually(
        "the default account",
        () -> caller.get(place.core("serviceaccounts/default")).code() == 200);
    var refused =
        caller.post(
            place.core("pods"),
            """
            {"metadata":{"name":"p"},"spec":{"automountServiceAccountToken":false,
             "containers":[{"name":"c","image":"x","volumeMounts":[{"name":"v","mountPath":"/v"}]}]}}""");

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message())
        .contains("spec.containers[0].volumeMounts[0].name: Not found: \"v\"");
  }

  /** Scenario 9: the claim outlives its deletion while a scheduled pod uses it. */
  @Test
  void given_a_pod_on_a_node_then_its_claim_stays_until_the_pod_is_gone() throws Exception {
    Place.eventually(
        "the default account",
        () -> caller.get(place.core("serviceaccounts/default")).code() == 200);
    claim("c");
    place.created(
        place.core("pods"),
        """
        {"metadata":{"name":"p"},"spec":{"automountServiceAccountToken":false,"schedulerName":"nobody",
         "containers":[{"name":"c","image":"x"}],
         "volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"c"}}]}}""");
    var bound =
        caller.post(
            place.core("pods/p/binding"),
            "{\"metadata\":{\"name\":\"p\"},\"target\":{\"kind\":\"Node\",\"name\":\"no-such-node\"}}");
    assertThat(bound.code()).isEqualTo(201);
    assertThat(caller.get(place.core("pods/p")).text("/spec/nodeName")).isEqualTo("no-such-node");

    caller.delete(place.core("persistentvolumeclaims/c"));
    var ending = caller.delete(place.core("pods/p"));
    Thread.sleep(500);

    assertThat(ending.text("/metadata/deletionGracePeriodSeconds")).isEqualTo("30");
    assertThat(caller.get(place.core("persistentvolumeclaims/c")).code()).isEqualTo(200);
    caller.delete(place.core("pods/p"), "{\"gracePeriodSeconds\":0}");
    Place.eventually("the pod goes", () -> caller.get(place.core("pods/p")).code() == 404);
    Place.eventually(
        "the claim goes", () -> caller.get(place.core("persistentvolumeclaims/c")).code() == 404);
  }
}
