package io.csi4j.e2e.cluster;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What an administrator installs, with the image that {@code deploy/image} made and {@code
 * deploy/image --load} imported: all of us in pods, with the rights that the manifests grant.
 */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManifestsInPodsTest {
  private static final String NAMESPACE = "default";

  private ClusterUnderTest cluster;
  private KubernetesClient client;

  /** Ways to install, and the driver's name and class there. */
  private enum Way {
    SIDECARS("sidecars.yaml", "local.csi4j.io", "csi4j-local", "/var/lib/csi4j"),
    ALL_IN_ONE("all-in-one.yaml", "local.csi4j.io", "csi4j-local", "/var/lib/csi4j"),
    DISTRIBUTED("distributed.yaml", "local.csi4j.io", "csi4j-local", "/var/lib/csi4j"),
    HOSTPATH_STYLE(
        "hostpath-style.yaml",
        "hostpath.csi.k8s.io",
        "csi-hostpath-sc",
        "/var/lib/csi-hostpath-data/");

    private final String file;
    private final String driver;
    private final String storageClass;
    private final String state;

    Way(String file, String driver, String storageClass, String state) {
      this.file = file;
      this.driver = driver;
      this.storageClass = storageClass;
      this.state = state;
    }

    /** With the state where the cluster's end finds it; the rest as it is in the file. */
    String manifests() throws IOException {
      var text =
          this == HOSTPATH_STYLE
              ? Manifests.read(file).replace("VERSION", Installation.version())
              : Files.readString(Installation.deploy().resolve("manifests").resolve(file));
      return text.replace("path: " + state, "path: " + stateOnNode());
    }

    /**
     * Containers that run as root; those of the hostpath style all do, as they say nothing of it.
     */
    List<String> rootContainers() {
      return switch (this) {
        case SIDECARS -> List.of("driver", "registrar");
        case ALL_IN_ONE, DISTRIBUTED -> List.of("node");
        case HOSTPATH_STYLE ->
            List.of(
                "hostpath",
                "node-driver-registrar",
                "liveness-probe",
                "csi-provisioner",
                "csi-attacher");
      };
    }

    String stateOnNode() {
      return "/var/lib/kubelet/plugins-state/" + driver;
    }
  }

  @BeforeAll
  void connects() throws Exception {
    cluster = ClusterUnderTest.running();
    client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(Path.of(cluster.get("KUBECONFIG")).toFile()))
            .build();
  }

  @AfterAll
  void disconnects() {
    client.close();
  }

  @ParameterizedTest
  @EnumSource
  void given_manifests_when_applied_then_a_pod_writes_and_another_reads_and_all_is_gone_at_the_end(
      Way way) throws Exception {
    var claim = "in-pods-" + way.name().toLowerCase(Locale.ROOT).replace('_', '-');
    Files.createDirectories(cluster.onNode(way.stateOnNode()));

    try (var installation = Installation.of(client, cluster, way.manifests())) {
      eventually("pods are ready", () -> assertThat(installation.ready()).isTrue());
      eventually("kubelet has the driver", () -> assertThat(registered(way.driver)).isTrue());
      assertThat(runningAsRoot()).containsExactlyInAnyOrderElementsOf(way.rootContainers());

      cluster.apply(claim(claim, way.storageClass));
      cluster.apply(Manifests.pod(claim + "-writer", claim, "echo kept > /data/file && sync"));
      eventually("the pod runs", () -> assertThat(phase(claim + "-writer")).isEqualTo("Running"));
      var handle = handleOf(claim);
      assertThat(ClusterUnderTest.loopDevices(handle)).hasSize(1);
      cluster.kubectl("delete", "pod", claim + "-writer", "--timeout=50s");
      cluster.apply(Manifests.pod(claim + "-reader", claim, "cat /data/file"));
      eventually("another pod reads", () -> assertThat(log(claim + "-reader")).isEqualTo("kept\n"));
      cluster.kubectl("delete", "pod", claim + "-reader", "--timeout=50s");
      cluster.kubectl("delete", "pvc", claim, "--wait=false");

      eventually("nothing is left", () -> nothingIsLeft(way, handle));
      assertThat(restarts()).as("restarts of containers").isEmpty();
    }
    eventually("the pods are gone", () -> assertThat(ours()).isEmpty());
  }

  private static String claim(String name, String storageClass) {
    return """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: %s, namespace: default}
        spec:
          accessModes: [ReadWriteOnce]
          storageClassName: %s
          resources: {requests: {storage: 64Mi}}
        """
        .formatted(name, storageClass);
  }

  private boolean registered(String driver) {
    return client
        .storage()
        .v1()
        .csiNodes()
        .withName(cluster.get("NODE_NAME"))
        .get()
        .getSpec()
        .getDrivers()
        .stream()
        .anyMatch(each -> each.getName().equals(driver));
  }

  private String phase(String pod) {
    return client.pods().inNamespace(NAMESPACE).withName(pod).get().getStatus().getPhase();
  }

  private String log(String pod) {
    return client.pods().inNamespace(NAMESPACE).withName(pod).getLog();
  }

  private String handleOf(String claim) {
    var volume =
        client
            .persistentVolumeClaims()
            .inNamespace(NAMESPACE)
            .withName(claim)
            .get()
            .getSpec()
            .getVolumeName();
    return client.persistentVolumes().withName(volume).get().getSpec().getCsi().getVolumeHandle();
  }

  private void nothingIsLeft(Way way, String handle) throws IOException {
    assertThat(client.persistentVolumeClaims().inAnyNamespace().list().getItems()).isEmpty();
    assertThat(client.persistentVolumes().list().getItems()).isEmpty();
    assertThat(client.storage().v1().volumeAttachments().list().getItems()).isEmpty();
    assertThat(cluster.mountsOnNode("kubernetes.io~csi")).isEmpty();
    assertThat(ClusterUnderTest.loopDevices(handle)).isEmpty();
    try (var files = Files.walk(cluster.onNode(way.stateOnNode()))) {
      assertThat(files.filter(file -> file.toFile().length() >= 64L << 20)).isEmpty();
    }
  }

  private Stream<io.fabric8.kubernetes.api.model.Pod> ours() {
    return client.pods().inAnyNamespace().list().getItems().stream()
        .filter(
            pod ->
                pod.getSpec().getContainers().stream()
                    .anyMatch(container -> container.getImage().startsWith("csi4j.io/")));
  }

  private List<String> runningAsRoot() throws IOException {
    var found = new ArrayList<String>();
    for (var container :
        ours().flatMap(pod -> pod.getStatus().getContainerStatuses().stream()).toList()) {
      if (runsAsRoot(ContainerProcesses.of(container).getFirst())) {
        found.add(container.getName());
      }
    }
    return found;
  }

  /** As the kernel has it. Who is not root has no right of root's, and no way to get one. */
  private static boolean runsAsRoot(long process) throws IOException {
    var users = ContainerProcesses.status(process, "Uid");
    if (users.equals("0\t0\t0\t0")) {
      return true;
    }
    assertThat(users).isEqualTo("65532\t65532\t65532\t65532");
    assertThat(ContainerProcesses.status(process, "CapEff")).matches("0+");
    assertThat(ContainerProcesses.status(process, "CapBnd")).matches("0+");
    assertThat(ContainerProcesses.status(process, "NoNewPrivs")).isEqualTo("1");
    return false;
  }

  private Stream<Map.Entry<String, Integer>> restarts() {
    return ours()
        .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
        .filter(status -> status.getRestartCount() > 0)
        .map(status -> Map.entry(status.getName(), status.getRestartCount()));
  }

  private static void eventually(String what, ThrowingRunnable condition) {
    await(what)
        .atMost(ofMinutes(2))
        .pollDelay(ofMillis(0))
        .pollInterval(ofMillis(50))
        .ignoreExceptionsMatching(
            failure ->
                failure instanceof KubernetesClientException
                    || failure instanceof NullPointerException)
        .untilAsserted(condition);
  }
}
