package io.csi4j.e2e.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The control plane that load is put on: {@code e2e/cluster/up --control-plane --raised-limits
 * --name=load}, with {@code CSI4J_KCM_QPS=1000 CSI4J_KCM_BURST=2000}; another one's name by {@code
 * -Dcsi4j.cluster=NAME}.
 */
final class LoadCluster implements AutoCloseable {
  static final String NAMESPACE = "load";
  private static final int CLIENTS = 16;
  private static final Pattern SERVER_CPU =
      Pattern.compile("(?m)^process_cpu_seconds_total (\\S+)");
  private static final Pattern COUNT =
      Pattern.compile("^apiserver_request_total\\{([^}]*)} (\\S+)$", Pattern.MULTILINE);

  final KubernetesClient client;
  private final Map<String, String> env = new HashMap<>();

  LoadCluster() throws IOException {
    this(System.getProperty("csi4j.cluster", "load"));
  }

  /** The one of this name, which is up. */
  LoadCluster(String name) throws IOException {
    var file = ClusterUnderTest.stateFolder(name).resolve("cluster.env");
    for (var line : Files.readAllLines(file)) {
      var equals = line.indexOf('=');
      env.put(line.substring(0, equals), line.substring(equals + 1));
    }
    client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(kubeconfig().toFile()))
            .build();
    client
        .namespaces()
        .resource(
            new io.fabric8.kubernetes.api.model.NamespaceBuilder()
                .withNewMetadata()
                .withName(NAMESPACE)
                .endMetadata()
                .build())
        .serverSideApply();
    makeClass();
  }

  /** Of the driver that takes no time. */
  void makeClass() {
    client
        .storage()
        .v1()
        .storageClasses()
        .resource(
            new StorageClassBuilder()
                .withNewMetadata()
                .withName(NAMESPACE)
                .endMetadata()
                .withProvisioner(InstantDriver.NAME)
                .withReclaimPolicy("Delete")
                .build())
        .serverSideApply();
  }

  /** Until it is back, nobody makes volumes for claims of it. */
  void deleteClass() {
    client.storage().v1().storageClasses().withName(NAMESPACE).delete();
  }

  /** Names of all volumes' objects. */
  Set<String> volumes() {
    return client.persistentVolumes().list().getItems().stream()
        .map(volume -> volume.getMetadata().getName())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Names of all volumes for which the driver's provisioners have open intents. */
  Set<String> intents() {
    return client.configMaps().inAnyNamespace().list().getItems().stream()
        .filter(map -> map.getMetadata().getName().startsWith("instant-csi4j-io-intents-"))
        .map(ConfigMap::getData)
        .filter(data -> data != null)
        .flatMap(data -> data.keySet().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** How many claims have their volumes. */
  long bound() {
    return client.persistentVolumeClaims().inNamespace(NAMESPACE).list().getItems().stream()
        .filter(claim -> "Bound".equals(claim.getStatus().getPhase()))
        .count();
  }

  Path kubeconfig() {
    return Path.of(env("KUBECONFIG"));
  }

  String env(String key) {
    var value = env.get(key);
    if (value == null) {
      throw new IllegalStateException("cluster.env has no " + key);
    }
    return value;
  }

  /** STOP or CONT to the controller manager. */
  void signalControllers(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, env("CONTROLLER_MANAGER_PID"))
        .inheritIO()
        .start()
        .waitFor();
  }

  /** A claim; {@code handedOver} writes on it what the controller manager would. */
  static PersistentVolumeClaim claim(String name, boolean handedOver) {
    var builder =
        new PersistentVolumeClaimBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(NAMESPACE)
            .endMetadata()
            .withNewSpec()
            .withStorageClassName(NAMESPACE)
            .withAccessModes("ReadWriteOnce")
            .withNewResources()
            .addToRequests("storage", new Quantity("1Gi"))
            .endResources()
            .endSpec();
    if (handedOver) {
      builder
          .editMetadata()
          .addToAnnotations("volume.kubernetes.io/storage-provisioner", InstantDriver.NAME)
          .addToAnnotations("volume.beta.kubernetes.io/storage-provisioner", InstantDriver.NAME)
          .endMetadata();
    }
    return builder.build();
  }

  /** Does it to each, several at a time. */
  static <T> void forEach(List<T> items, java.util.function.Consumer<T> action)
      throws InterruptedException, ExecutionException {
    try (var pool = Executors.newFixedThreadPool(CLIENTS)) {
      var running = new ArrayList<Future<?>>();
      items.forEach(item -> running.add(pool.submit(() -> action.accept(item))));
      for (var each : running) {
        each.get();
      }
    }
  }

  /** Requests that the API server has answered so far, by {@code verb resource}. */
  Map<String, Long> requests() {
    var counts = new HashMap<String, Long>();
    var matcher = COUNT.matcher(client.raw("/metrics"));
    while (matcher.find()) {
      var labels = matcher.group(1);
      var key = label(labels, "verb") + " " + label(labels, "resource");
      counts.merge(key, (long) Double.parseDouble(matcher.group(2)), Long::sum);
    }
    return counts;
  }

  /** All that the API server's process has used so far, as it says itself. */
  double serverCpuSeconds() {
    var matcher = SERVER_CPU.matcher(client.raw("/metrics"));
    return matcher.find() ? Double.parseDouble(matcher.group(1)) : 0;
  }

  private static String label(String labels, String name) {
    var matcher = Pattern.compile("(?:^|,)" + name + "=\"([^\"]*)\"").matcher(labels);
    return matcher.find() ? matcher.group(1) : "";
  }

  @Override
  public void close() {
    client.close();
  }
}
