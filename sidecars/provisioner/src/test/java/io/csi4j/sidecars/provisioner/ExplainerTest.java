package io.csi4j.sidecars.provisioner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.simulator.Effects;
import io.csi4j.e2e.simulator.SimulatedCluster;
import io.csi4j.e2e.simulator.SimulatedDriver.Fault;
import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.StorageClass;
import io.csi4j.sidecars.kit.cluster.Surroundings;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.explain.Explanation;
import io.csi4j.sidecars.kit.journal.JournalReader;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.time.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of a claim or a volume, by the same code that would work on it. */
class ExplainerTest {
  private final Stage stage = new Stage().can(RPC.Type.CREATE_DELETE_SNAPSHOT);

  @Test
  void given_a_claim_that_can_be_served_then_the_call_is_shown_and_not_made() {
    stage.secret("vault", "key", Map.of("password", "hunter2"));
    stage.parameters(
        Map.of(
            "csi.storage.k8s.io/provisioner-secret-name", "key",
            "csi.storage.k8s.io/provisioner-secret-namespace", "vault"));
    stage.claim("data");

    var explanation = explain("data");

    assertThat(explanation.state()).isEqualTo("acting");
    assertThat(explanation.next())
        .hasSize(2)
        .last()
        .asString()
        .startsWith("CreateVolume {")
        .contains("\"name\":\"pvc-uid-of-data\"")
        .doesNotContain("hunter2");
    assertThat(stage.driver.calls()).isEmpty();
    assertThat(stage.cluster.all(Volume.KIND)).isEmpty();
  }

  /** The commonest causes of a pending claim, and what they are called. */
  @ParameterizedTest
  @CsvSource({
    "no class, no-class, spec.storageClassName",
    "class missing, class-missing, there is no storage class",
    "by hand, made-by-hand, somebody must make one",
    "late binding, waits-for-pod, no pod that uses the claim",
    "not handed over, not-handed-over, controller manager",
    "handed to other, handed-to-other, make the claim anew",
    "other driver, other-driver, is of driver other",
    "named volume, named-volume, it names volume pv-9",
    "selector, selector, Selector is not supported",
    "node without driver, driver-not-on-node, not registered there",
    "node unlabelled, driver-not-on-node, lacks a label",
    "node gone, node-gone, not found",
    "secret missing, secret, not found in namespace",
    "snapshot missing, source-not-usable, snapshot ns/photo not found",
    "populator, waits-for-populator, external populator",
    "clone, driver-cannot, clone operations",
    "bound, bound, bound to volume pv-9"
  })
  void given_a_claim_that_is_not_served_then_the_cause_is_named(
      String how, String cause, String why) {
    prepare(how);

    var explanation = explain("data");

    assertThat(explanation.cause()).isEqualTo(cause);
    assertThat(explanation.why()).contains(why);
    assertThat(stage.driver.calls()).isEmpty();
  }

  private void prepare(String how) {
    stage.claim("data", claim -> claimFor(how, claim));
    switch (how) {
      case "by hand" ->
          stage.storageClass(object -> object.put("provisioner", "kubernetes.io/no-provisioner"));
      case "late binding" ->
          stage.storageClass(object -> object.put("volumeBindingMode", "WaitForFirstConsumer"));
      case "other driver" -> stage.storageClass(object -> object.put("provisioner", "other"));
      case "class missing" ->
          stage.cluster.delete(StorageClass.KIND, ObjectKey.cluster(Stage.CLASS));
      case "node without driver" -> {
        stage.topology();
        stage.node("n1", Map.of("zone", "1"));
      }
      case "node unlabelled" -> {
        stage.topology();
        stage.node("n1", Map.of(), "zone");
      }
      case "node gone" -> stage.topology();
      case "secret missing" ->
          stage.parameters(
              Map.of(
                  "csi.storage.k8s.io/provisioner-secret-name", "key",
                  "csi.storage.k8s.io/provisioner-secret-namespace", "vault"));
      default -> {}
    }
  }

  private static void claimFor(String how, ObjectNode claim) {
    var spec = claim.withObject("/spec");
    var annotations = claim.withObject("/metadata/annotations");
    switch (how) {
      case "no class" -> spec.remove("storageClassName");
      case "not handed over" -> annotations.removeAll();
      case "handed to other" -> annotations.put(Names.STORAGE_PROVISIONER, "other");
      case "selector" -> spec.putObject("selector");
      case "named volume" -> spec.put("volumeName", "pv-9");
      case "bound" -> {
        spec.put("volumeName", "pv-9");
        claim.withObject("/status").put("phase", "Bound");
      }
      case "node without driver", "node unlabelled", "node gone" ->
          annotations.put(Names.SELECTED_NODE, "n1");
      case "snapshot missing" ->
          claim
              .withObject("/spec/dataSource")
              .put("apiGroup", Names.SNAPSHOT_GROUP)
              .put("kind", "VolumeSnapshot")
              .put("name", "photo");
      case "populator" ->
          claim
              .withObject("/spec/dataSource")
              .put("apiGroup", "example.com")
              .put("kind", "Recipe")
              .put("name", "x");
      case "clone" ->
          claim
              .withObject("/spec/dataSource")
              .put("kind", "PersistentVolumeClaim")
              .put("name", "x");
      default -> {}
    }
  }

  @Test
  void given_unfinished_business_then_the_same_call_is_next_whatever_the_claim_says() {
    stage.parameters(Map.of("tier", "gold"));
    stage.claim("data");
    stage.driver.fails(new Fault.Says(Code.ABORTED, "busy"));
    stage.life().live(Duration.ofMillis(500));
    stage.parameters(Map.of("tier", "lead"));

    var explanation = explain("data");

    assertThat(explanation.next().getLast()).startsWith("CreateVolume").contains("gold");
  }

  @Test
  void given_a_volume_that_is_attached_then_the_node_is_named() {
    var volume = SimulatedCluster.object("", "pv-1");
    volume.withObject("/metadata").putArray("finalizers").add(Names.VOLUME_FINALIZER);
    volume.withObject("/spec").put("persistentVolumeReclaimPolicy", "Delete");
    volume.withObject("/spec/csi").put("driver", Objects.DRIVER).put("volumeHandle", "v");
    volume.withObject("/status").put("phase", "Released");
    stage.cluster.put(Volume.KIND, volume);
    assertThat(explainer().volume(ObjectKey.cluster("pv-1")).next().getFirst())
        .isEqualTo("DeleteVolume {\"volume_id\":\"v\"}");

    var attachment = SimulatedCluster.object("", "a-1");
    attachment
        .withObject("/spec")
        .put("nodeName", "node-a")
        .putObject("source")
        .put("persistentVolumeName", "pv-1");
    stage.cluster.put(Attachment.KIND, attachment);

    assertThat(explainer().volume(ObjectKey.cluster("pv-1")).why()).endsWith("node node-a");
  }

  @Test
  void given_an_answer_then_programs_and_people_can_read_it() throws Exception {
    stage.claim("data", claim -> claim.withObject("/spec").remove("storageClassName"));

    var explanation = explain("data");

    var json = new ObjectMapper().readTree(explanation.json());
    assertThat(json.path("state").asText()).isEqualTo("waiting");
    assertThat(json.path("cause").asText()).isEqualTo("no-class");
    assertThat(explanation.text())
        .startsWith("persistentvolumeclaim ns/data: waiting\n  why:   it names no storage class");
  }

  private Explanation explain(String claim) {
    return explainer().claim(new ObjectKey("ns", claim));
  }

  private Explainer explainer() {
    var time = new ManualTime();
    var door = stage.cluster.life(Effects.QUIET);
    var traits = new DriverTraits(stage.identity());
    var view = new ClusterView(door, traits, null);
    stage.cluster.deliver();
    var options = ProvisionerOptions.from(Flags.parse(List.of()), new Surroundings("", "", ""));
    var intents = new JournalReader(door, ProvisionerLife.LEASE);
    return new Explainer(
        new Explainer.Play(
            new Explainer.Sources(door, stage.driver.life(Effects.QUIET), intents, time),
            view,
            traits,
            Provisioner.recipe(traits, options, time),
            true),
        options);
  }
}
