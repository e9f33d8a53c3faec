package io.csi4j.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.storage.CSINodeDriver;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The real node, or several, with csi4j installed from plain manifests. The driver's state lies
 * where the cluster's end finds it; all else is as in the file.
 */
final class NodeUnderTest implements AutoCloseable {
  static final String DRIVER = "local.csi4j.io";
  static final String CLASS = "csi4j-local";
  static final String SYSTEM = "csi4j-system";
  private static final int LOG_LINES = 500;
  private static final String STATE_IN_MANIFEST = "/var/lib/csi4j";
  private static final String STATE = "/var/lib/kubelet/plugins-state/" + DRIVER;

  /** Another one after {@link #bringBack}: what was started again has another process. */
  private volatile ClusterUnderTest cluster;

  private final KubernetesClient client;
  private final Installation installation;
  private final VolumesSeen volumes;
  private final AtomicInteger spaces = new AtomicInteger();

  private NodeUnderTest(
      ClusterUnderTest cluster, KubernetesClient client, Installation installation) {
    this.cluster = cluster;
    this.client = client;
    this.installation = installation;
    this.volumes = VolumesSeen.by(client);
  }

  static NodeUnderTest install(String layout) throws IOException {
    return install(ClusterUnderTest.running(), layout);
  }

  static NodeUnderTest install(ClusterUnderTest cluster, String layout) throws IOException {
    var client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(Path.of(cluster.get("KUBECONFIG")).toFile()))
            .build();
    for (var each : cluster.nodes()) {
      Files.createDirectories(each.onNode(STATE));
    }
    var manifests = Files.readString(Installation.deploy().resolve("manifests").resolve(layout));
    var installation =
        Installation.of(
            client, cluster, manifests.replace("path: " + STATE_IN_MANIFEST, "path: " + STATE));
    var node = new NodeUnderTest(cluster, client, installation);
    try {
      node.awaitReady();
      return node;
    } catch (RuntimeException | AssertionError e) {
      node.close();
      throw e;
    }
  }

  ClusterUnderTest cluster() {
    return cluster;
  }

  KubernetesClient client() {
    return client;
  }

  VolumesSeen volumes() {
    return volumes;
  }

  String name() {
    return name(1);
  }

  String name(int number) {
    return cluster.node(number).get("NODE_NAME");
  }

  CSINodeDriver driverOn(String nodeName) {
    return client.storage().v1().csiNodes().withName(nodeName).get().getSpec().getDrivers().stream()
        .filter(each -> each.getName().equals(DRIVER))
        .findFirst()
        .orElseThrow(() -> new AssertionError("%s has no %s".formatted(nodeName, DRIVER)));
  }

  PodSpace space() {
    return PodSpace.create(this, spaces.incrementAndGet());
  }

  /** Pods are ready, and kubelet has the driver. */
  void awaitReady() {
    Eventually.eventually("our pods are ready", () -> assertThat(installation.ready()).isTrue());
    Eventually.eventually(
        "kubelet has the driver",
        () -> cluster.nodes().forEach(each -> driverOn(each.get("NODE_NAME"))));
  }

  /** SIGKILL to a program of the cluster by its key in cluster.env, such as KUBELET_PID. */
  void killProgram(String key) {
    kill(Long.parseLong(cluster.get(key)));
  }

  /** Starts again what has died of the cluster, and waits until it is ready. */
  void bringBack() throws IOException, InterruptedException {
    cluster.up();
    cluster = ClusterUnderTest.running(cluster.name());
  }

  Pod driverPod() {
    return ourPod("node");
  }

  Pod controllerPod() {
    return ourPod("controller");
  }

  /** SIGKILL to all processes of a pod's containers; kubelet will start them again. */
  void killContainers(Pod pod) throws IOException {
    for (var container : pod.getStatus().getContainerStatuses()) {
      ContainerProcesses.of(container).forEach(NodeUnderTest::kill);
    }
  }

  int restarts(Pod pod) {
    return client
        .pods()
        .resource(pod)
        .get()
        .getStatus()
        .getContainerStatuses()
        .getFirst()
        .getRestartCount();
  }

  /** What all our containers have said lately. */
  String logs() {
    var text = new StringBuilder();
    for (var pod : client.pods().inNamespace(SYSTEM).list().getItems()) {
      for (var container : pod.getSpec().getContainers()) {
        var log = client.pods().resource(pod).inContainer(container.getName());
        text.append("--- %s on %s%n".formatted(container.getName(), pod.getSpec().getNodeName()));
        text.append(log.tailingLines(LOG_LINES).getLog());
      }
    }
    return text.toString();
  }

  /** What volumes have on any node. */
  List<String> leftovers(List<VolumesSeen.Volume> of) throws IOException {
    var found = new ArrayList<String>();
    for (var each : cluster.nodes()) {
      found.addAll(leftovers(each, of));
    }
    return found;
  }

  /** What volumes have on one node. */
  static List<String> leftovers(ClusterUnderTest node, List<VolumesSeen.Volume> of)
      throws IOException {
    return Leftovers.of(node, STATE, of);
  }

  @Override
  public void close() throws IOException {
    try (client;
        volumes) {
      installation.close();
      Eventually.eventually(
          "our pods are gone",
          () -> assertThat(client.pods().inNamespace(SYSTEM).list().getItems()).isEmpty());
      assertThat(leftovers(volumes.all())).as("left by any test").isEmpty();
    }
  }

  private Pod ourPod(String component) {
    return client
        .pods()
        .inNamespace(SYSTEM)
        .withLabel("app.kubernetes.io/component", component)
        .list()
        .getItems()
        .stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .filter(pod -> "Running".equals(pod.getStatus().getPhase()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no running pod of " + component));
  }

  private static void kill(long pid) {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }
}
