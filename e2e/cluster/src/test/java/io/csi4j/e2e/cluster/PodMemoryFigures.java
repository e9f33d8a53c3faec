package io.csi4j.e2e.cluster;

import static io.csi4j.e2e.cluster.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Figures: memory of our pods in either layout on the real node: idle, with 200 volumes mounted in
 * 20 pods, and after these are gone.
 */
@Tag("figures")
class PodMemoryFigures {
  private static final int PODS = 20;
  private static final int VOLUMES_EACH = 10;
  private static final long SETTLING_MILLIS = 15_000;
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final Path REPORTS = Path.of("target", "e2e");

  @ParameterizedTest
  @ValueSource(strings = {"all-in-one", "sidecars"})
  void memory_idle_and_with_two_hundred_volumes(String layout) throws Exception {
    Files.createDirectories(REPORTS);
    var report = REPORTS.resolve("memory-%s.txt".formatted(layout));
    Files.deleteIfExists(report);
    try (var node = NodeUnderTest.install(layout + ".yaml")) {
      Thread.sleep(SETTLING_MILLIS);
      tell(report, table(node, layout + ", idle"));
      var space = node.space();
      try {
        var began = System.nanoTime();
        createAll(space);
        var seconds = (System.nanoTime() - began) / 1e9;
        Thread.sleep(SETTLING_MILLIS);
        tell(
            report,
            table(
                node,
                "%s, %d volumes in %d pods (all running after %.0f s)"
                    .formatted(layout, PODS * VOLUMES_EACH, PODS, seconds)));
      } finally {
        space.empty(LIMIT);
      }
      Thread.sleep(SETTLING_MILLIS);
      tell(report, table(node, layout + ", after these are gone"));
    }
  }

  /** At once, so that what is known stays known when what comes next fails. */
  private static void tell(Path report, String table) throws IOException {
    Files.writeString(report, table, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    System.out.print(table);
  }

  private static void createAll(PodSpace space) {
    var pods = IntStream.range(0, PODS).mapToObj(n -> "pod-" + n).toList();
    for (var name : pods) {
      var pod = TestPod.staying(name, "true");
      for (var n = 0; n < VOLUMES_EACH; n++) {
        var claim = "%s-%d".formatted(name, n);
        space.claim(claim);
        pod = pod.alsoOn(claim);
      }
      space.create(pod);
    }
    eventually(
        LIMIT,
        "all pods run",
        () ->
            assertThat(pods)
                .allSatisfy(name -> assertThat(space.phase(name)).isEqualTo("Running")));
  }

  private static String table(NodeUnderTest node, String title) throws IOException {
    var text = new StringBuilder(title).append(System.lineSeparator());
    var sum = new ContainerMemory(0, 0, 0);
    for (var pod : node.client().pods().inNamespace(NodeUnderTest.SYSTEM).list().getItems()) {
      for (ContainerStatus container : pod.getStatus().getContainerStatuses()) {
        var memory = ContainerMemory.of(container);
        sum = sum.plus(memory);
        text.append("  %-20s %s%n".formatted(container.getName(), memory));
      }
    }
    return text.append("  %-20s %s%n".formatted("together", sum)).toString();
  }
}
