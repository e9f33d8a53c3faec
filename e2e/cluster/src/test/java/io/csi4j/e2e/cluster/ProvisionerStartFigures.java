package io.csi4j.e2e.cluster;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Figures, not assertions: how long the provisioner takes from its start to the first volume, and
 * how much memory it holds when it has nothing to do. Run by {@code ./mvnw -Pfigures -pl
 * e2e/cluster -am verify}, with the cluster up.
 */
@Tag("figures")
class ProvisionerStartFigures {
  private static final int RUNS = 7;
  private static final Path REPORTS = Path.of("target", "e2e");
  private static final String STATE = "/var/lib/kubelet/plugins/figures/state";
  private static final String SOCKET = "/var/lib/kubelet/plugins/figures/csi.sock";

  @Test
  void provisioner_from_start_to_first_volume() throws Exception {
    Files.createDirectories(REPORTS);
    var cluster = ClusterUnderTest.running();
    Files.createDirectories(cluster.onNode(STATE));
    cluster.apply(Manifests.read("rbac.yaml"));
    var kubeconfig = cluster.kubeconfigOf("kube-system/csi-provisioner", REPORTS.toAbsolutePath());
    try (var client =
            new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(Path.of(cluster.get("KUBECONFIG")).toFile()))
                .build();
        var driver =
            Part.start(
                REPORTS,
                "figures-driver",
                "driver",
                "local",
                "--endpoint=unix://" + SOCKET,
                "--nodeid=" + cluster.get("NODE_NAME"),
                "--statedir=" + STATE,
                "--enable-topology=false")) {
      var millis = new ArrayList<Long>();
      var rss = new ArrayList<Long>();
      for (var run = 0; run < RUNS; run++) {
        measure(cluster, client, kubeconfig, millis, rss);
      }
      driver.end();
      report(millis, rss);
    }
  }

  private static void measure(
      ClusterUnderTest cluster,
      KubernetesClient client,
      Path kubeconfig,
      List<Long> millis,
      List<Long> rss)
      throws Exception {
    cluster.apply(Manifests.story("figures", "Immediate"));
    await()
        .atMost(ofSeconds(30))
        .until(
            () ->
                client
                    .persistentVolumeClaims()
                    .inNamespace("default")
                    .withName("figures")
                    .get()
                    .getMetadata()
                    .getAnnotations()
                    .containsKey("volume.kubernetes.io/storage-provisioner"));
    var seen = new CompletableFuture<Long>();
    try (var _ = client.persistentVolumes().watch(new FirstVolume(seen))) {
      var started = System.nanoTime();
      try (var provisioner =
          Part.start(
              REPORTS,
              "figures-provisioner",
              "provisioner",
              "--csi-address=" + SOCKET,
              "--kubeconfig=" + kubeconfig)) {
        millis.add((seen.get(60, TimeUnit.SECONDS) - started) / 1_000_000);
        await().pollDelay(ofSeconds(8)).until(provisioner::alive);
        rss.add(provisioner.residentKiB() / 1024);
        client.persistentVolumeClaims().inNamespace("default").withName("figures").delete();
        await()
            .atMost(ofSeconds(30))
            .pollInterval(ofMillis(100))
            .untilAsserted(
                () -> assertThat(client.persistentVolumes().list().getItems()).isEmpty());
        provisioner.end();
      }
    }
  }

  private static void report(List<Long> millis, List<Long> rss) throws Exception {
    var text =
        "provisioner, exec to first volume stored: median %d ms of %s%n"
                .formatted(median(millis), millis)
            + "provisioner, resident 8 s later: median %d MiB of %s%n".formatted(median(rss), rss)
            + "load of the machine: %s%n"
                .formatted(Files.readString(Path.of("/proc/loadavg")).strip());
    Files.writeString(REPORTS.resolve("provisioner-start.txt"), text);
    System.out.print(text);
  }

  private static long median(List<Long> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private record FirstVolume(CompletableFuture<Long> seen) implements Watcher<PersistentVolume> {
    @Override
    public void eventReceived(Action action, PersistentVolume volume) {
      if (action == Action.ADDED) {
        seen.complete(System.nanoTime());
      }
    }

    @Override
    public void onClose(@Nullable WatcherException cause) {}
  }
}
