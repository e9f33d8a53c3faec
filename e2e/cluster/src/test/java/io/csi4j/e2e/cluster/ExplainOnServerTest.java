package io.csi4j.e2e.cluster;

import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code csi4j explain} as a user calls it, of claims and volumes on a real API server. */
@Tag("cluster")
@WithControlPlane(name = ExplainOnServerTest.CLUSTER)
class ExplainOnServerTest {
  static final String CLUSTER = "explain";
  private static final String LATE = "late";
  private static final Path LOG = Path.of("target", "e2e", "explain-provisioner.log");

  private Path socket;
  private LoadCluster cluster;
  private InstantDriver driver;

  @BeforeEach
  void starts(ControlPlane controlPlane) throws Exception {
    assertThat(controlPlane.kubeconfig()).exists();
    socket = Files.createTempDirectory("csi4j").resolve("csi.sock");
    cluster = new LoadCluster(CLUSTER);
    driver = InstantDriver.start(socket);
    cluster
        .client
        .resource(
            new StorageClassBuilder()
                .withNewMetadata()
                .withName(LATE)
                .endMetadata()
                .withProvisioner(InstantDriver.NAME)
                .withVolumeBindingMode("WaitForFirstConsumer")
                .build())
        .serverSideApply();
  }

  @AfterEach
  void ends() {
    driver.close();
    cluster.close();
  }

  @Test
  void given_pending_and_bound_claims_then_each_is_explained_and_nothing_is_written()
      throws Exception {
    create("bound", LoadCluster.NAMESPACE);
    create("waiting", LATE);
    create("lost", "no-such-class");
    var volume = provisioned("bound");
    create("next", LoadCluster.NAMESPACE);
    awaitHandedOver("next");
    var before = intentObjects();

    assertThat(explain("pvc", "load/bound")).contains("settled", "bound to volume " + volume);
    assertThat(explain("pvc", "load/waiting")).contains("waiting", "no pod that uses the claim");
    assertThat(explain("pvc", "load/lost")).contains("there is no storage class \"no-such-class\"");
    assertThat(explain("pvc", "load/none")).contains("there is no such claim");
    assertThat(explain("pvc", "load/next"))
        .contains("acting", "write down the intent", "CreateVolume {");
    assertThat(explain("pvc", "load/next", "--csi-address=" + socket))
        .contains("acting", "CreateVolume {")
        .doesNotContain("not asked");
    assertThat(explain("pv", volume)).contains("settled", "reclaim policy: Delete");

    assertThat(intentObjects()).isNotEmpty().isEqualTo(before);
    assertThat(driver.creates).hasValue(1);
  }

  @Test
  void given_a_pending_claim_when_asked_for_json_then_a_program_can_read_it() throws Exception {
    create("programmed", LATE);

    var json = new ObjectMapper().readTree(explain("pvc", "load/programmed", "-o", "json"));

    assertThat(json.path("object").asText()).isEqualTo("persistentvolumeclaim load/programmed");
    assertThat(json.path("state").asText()).isEqualTo("waiting");
    assertThat(json.path("cause").asText()).isEqualTo("waits-for-pod");
    assertThat(json.path("seen").path("class").asText()).isEqualTo(LATE);
  }

  /** The name of its volume, made by a provisioner that has ended again. */
  private String provisioned(String claim) throws Exception {
    Files.deleteIfExists(LOG);
    try (var sidecar =
        Sidecar.start(
            LOG,
            "provisioner",
            "--csi-address=" + socket,
            "--kubeconfig=" + cluster.kubeconfig())) {
      await().atMost(ofMinutes(5)).until(() -> cluster.bound() == 1);
      sidecar.terminate();
      assertThat(sidecar.exitCode()).isZero();
    }
    return cluster
        .client
        .persistentVolumeClaims()
        .inNamespace(LoadCluster.NAMESPACE)
        .withName(claim)
        .get()
        .getSpec()
        .getVolumeName();
  }

  private void create(String name, String className) {
    var claim = LoadCluster.claim(name, false);
    claim.getSpec().setStorageClassName(className);
    cluster.client.resource(claim).create();
  }

  private void awaitHandedOver(String claim) {
    await()
        .atMost(ofMinutes(2))
        .until(
            () ->
                cluster
                    .client
                    .persistentVolumeClaims()
                    .inNamespace(LoadCluster.NAMESPACE)
                    .withName(claim)
                    .get()
                    .getMetadata()
                    .getAnnotations()
                    .containsKey("volume.kubernetes.io/storage-provisioner"));
  }

  /** Versions of all objects that hold intents. */
  private Map<String, String> intentObjects() {
    return cluster.client.configMaps().inAnyNamespace().list().getItems().stream()
        .filter(map -> map.getMetadata().getName().contains("-intents-"))
        .collect(
            Collectors.toMap(
                map -> map.getMetadata().getName(), map -> map.getMetadata().getResourceVersion()));
  }

  private String explain(String... args) throws Exception {
    var line = new ArrayList<>(List.of("explain"));
    line.addAll(List.of(args));
    line.addFirst(ClusterUnderTest.checkout().resolve("csi4j").toString());
    line.add("--kubeconfig=" + cluster.kubeconfig());
    var process = new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(text).isZero();
    System.out.println(text);
    return text;
  }
}
