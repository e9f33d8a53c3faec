package io.csi4j.e2e.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Another process has other hash codes, another clock and another order of its immutable sets. */
class TwoProcessesTest {
  private static final int SEEDS = 100;

  @Test
  void given_the_same_seeds_then_another_process_does_the_same_to_the_letter()
      throws IOException, InterruptedException {
    var simulation = new Simulation(ExampleScenario.withIntents());

    var here =
        LongStream.range(0, SEEDS)
            .mapToObj(seed -> Simulate.digest(simulation.run(Plan.of(seed))))
            .toList();

    assertThat(inAnotherProcess()).isEqualTo(here).doesNotHaveDuplicates();
  }

  private static List<String> inAnotherProcess() throws IOException, InterruptedException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var process =
        new ProcessBuilder(
                java,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Simulate.class.getName(),
                "--scenario-method=" + ExampleScenario.class.getName() + "#withIntents",
                "--digest",
                "--seeds=" + SEEDS)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
      var digests = lines.lines().toList();
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      return digests;
    } finally {
      process.destroyForcibly();
    }
  }
}
