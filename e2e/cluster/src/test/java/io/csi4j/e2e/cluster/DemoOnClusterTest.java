package io.csi4j.e2e.cluster;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code csi4j demo --kubeconfig} on what our manifests install, as its user runs it. */
@Tag("cluster")
class DemoOnClusterTest {
  private static final String STATE = "/var/lib/csi4j";
  private static final String STATE_ON_NODE = "/var/lib/kubelet/plugins-state/demo";

  @Test
  void given_our_manifests_then_the_demo_tells_its_story_on_a_real_cluster() throws Exception {
    var cluster = ClusterUnderTest.running();
    var kubeconfig = Path.of(cluster.get("KUBECONFIG"));
    Files.createDirectories(cluster.onNode(STATE_ON_NODE));
    var manifests =
        Files.readString(Installation.deploy().resolve("manifests/all-in-one.yaml"))
            .replace("path: " + STATE, "path: " + STATE_ON_NODE);
    try (var client = client(kubeconfig);
        var installation = Installation.of(client, cluster, manifests)) {
      await("pods are ready")
          .atMost(ofMinutes(2))
          .pollInterval(ofMillis(100))
          .until(installation::ready);

      var demo =
          new ProcessBuilder(
                  ClusterUnderTest.checkout().resolve("csi4j").toString(),
                  "demo",
                  "--kubeconfig=" + kubeconfig,
                  "--provisioner-pods=csi4j-system/app.kubernetes.io/component=controller")
              .redirectErrorStream(true)
              .start();
      var said = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(demo.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(demo.exitValue()).as(said).isZero();
      assertThat(said)
          .contains("has read the same file from the clone")
          .contains("4 claims = 4 PVs")
          .contains("The story ended well");
      System.out.print(said);
      assertThat(client.persistentVolumes().list().getItems()).isEmpty();
    }
  }

  private static KubernetesClient client(Path kubeconfig) {
    return new KubernetesClientBuilder()
        .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
        .build();
  }
}
