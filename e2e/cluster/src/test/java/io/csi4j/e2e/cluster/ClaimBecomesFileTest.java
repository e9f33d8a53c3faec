package io.csi4j.e2e.cluster;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A claim becomes a volume, a mount and a file, survives its pod, and leaves nothing behind: on a
 * real Kubernetes, with nothing but Java between the API server and the disk.
 */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClaimBecomesFileTest {
  private static final Path REPORTS = Path.of("target", "e2e");

  private ClusterUnderTest cluster;
  private KubernetesClient client;
  private Stack stack;

  @BeforeAll
  void startsTheStack() throws Exception {
    Files.createDirectories(REPORTS);
    cluster = ClusterUnderTest.running();
    client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(Path.of(cluster.get("KUBECONFIG")).toFile()))
            .build();
    stack = Stack.start(cluster, REPORTS.toAbsolutePath());
    eventually(
        "the driver is registered on the node",
        () ->
            assertThat(
                    client
                        .storage()
                        .v1()
                        .csiNodes()
                        .withName(cluster.get("NODE_NAME"))
                        .get()
                        .getSpec()
                        .getDrivers())
                .anyMatch(driver -> driver.getName().equals(Stack.DRIVER)));
  }

  @AfterAll
  void endsTheStack() throws Exception {
    try {
      if (stack != null) {
        stack.end();
      }
    } finally {
      if (stack != null) {
        stack.close();
      }
      if (client != null) {
        client.close();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Immediate", "WaitForFirstConsumer"})
  void given_a_claim_when_pods_come_and_go_then_the_file_stays_until_the_claim_goes(String mode)
      throws Exception {
    var name = "story-" + mode.toLowerCase(Locale.ROOT);

    try (var timeline = new Timeline(client, name)) {
      cluster.apply(
          Manifests.story(name, mode)
              + "---\n"
              + Manifests.pod(name + "-writer", name, "echo kept > /data/file && sync"));
      timeline.see("kubectl apply has ended");
      eventually(
          "the file is written", () -> assertThat(fileOnNode(name)).content().isEqualTo("kept\n"));
      timeline.see("file written");
      eventually("the pod runs", () -> assertThat(phase(name + "-writer")).isEqualTo("Running"));
      timeline.see("pod Running");
      report(mode, timeline);
    }
    deletePod(name + "-writer");

    cluster.apply(Manifests.pod(name + "-reader", name, "cat /data/file"));
    eventually(
        "another pod reads the file back",
        () ->
            assertThat(client.pods().inNamespace("default").withName(name + "-reader").getLog())
                .isEqualTo("kept\n"));
    deletePod(name + "-reader");

    cluster.kubectl("delete", "pvc", name, "--namespace=default", "--wait=false");
    cluster.kubectl("delete", "storageclass", name);
    eventually("nothing is left behind", this::nothingIsLeft);
  }

  private Path fileOnNode(String claim) throws IOException {
    var volume =
        client
            .persistentVolumeClaims()
            .inNamespace("default")
            .withName(claim)
            .get()
            .getSpec()
            .getVolumeName();
    var pod = client.pods().inNamespace("default").withName(claim + "-writer").get();
    return cluster.onNode(
        "/var/lib/kubelet/pods/%s/volumes/kubernetes.io~csi/%s/mount/file"
            .formatted(pod.getMetadata().getUid(), volume));
  }

  private String phase(String pod) {
    return client.pods().inNamespace("default").withName(pod).get().getStatus().getPhase();
  }

  private void deletePod(String pod) throws Exception {
    cluster.kubectl("delete", "pod", pod, "--namespace=default", "--timeout=50s");
  }

  private void nothingIsLeft() throws IOException {
    assertThat(client.persistentVolumeClaims().inAnyNamespace().list().getItems()).isEmpty();
    assertThat(client.persistentVolumes().list().getItems()).isEmpty();
    assertThat(client.storage().v1().volumeAttachments().list().getItems()).isEmpty();
    assertThat(cluster.mountsOnNode("kubernetes.io~csi")).isEmpty();
    assertThat(cluster.mountsOnNode(Stack.STATE)).isEmpty();
    assertThat(cluster.mountsOnNode("/dev/loop")).isEmpty();
    assertThat(ClusterUnderTest.loopDevices(Stack.DRIVER)).isEmpty();
    assertThat(images()).isEmpty();
  }

  /** Files of the driver's state that are as large as a volume. */
  private List<Path> images() throws IOException {
    try (var files = Files.walk(cluster.onNode(Stack.STATE))) {
      return files
          .filter(file -> Files.isRegularFile(file) && file.toFile().length() >= 64L << 20)
          .toList();
    }
  }

  private void eventually(String what, ThrowingRunnable condition) {
    try {
      await(what)
          .atMost(ofSeconds(90))
          .pollDelay(ofMillis(0))
          .pollInterval(ofMillis(20))
          // What is asked for may not be there yet, such as the log of a container that is about to
          // start.
          .ignoreExceptionsMatching(ClaimBecomesFileTest::notThereYet)
          .untilAsserted(
              () -> {
                if (!stack.deaths().isEmpty()) {
                  throw new IllegalStateException(stack.deaths());
                }
                condition.run();
              });
    } catch (RuntimeException e) {
      throw new AssertionError(what + ": logs are in " + REPORTS.toAbsolutePath(), e);
    }
  }

  private static boolean notThereYet(Throwable failure) {
    return failure instanceof KubernetesClientException || failure instanceof NullPointerException;
  }

  private static void report(String mode, Timeline timeline) throws IOException {
    var table = timeline.table("From claim to file, binding mode " + mode);
    Files.writeString(REPORTS.resolve("timeline-" + mode + ".txt"), table);
    System.out.print(table);
  }
}
