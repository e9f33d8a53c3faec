package io.csi4j.e2e.cluster;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * B18 44, 46, 49, 52: our replicas and client-go's follow each other at one lease of a real API
 * server. Needs a control plane and Go.
 */
@Tag("cluster")
class HandOverTest {
  private static final String KUBECONFIG =
      System.getProperty(
          "csi4j.kubeconfig",
          ClusterUnderTest.stateFolder("csi4j").resolve("admin.kubeconfig").toString());

  /** Until a process that was started stands by. */
  private static final long STANDBY_MILLIS = 3000;

  @TempDir private static Path folder;
  private static Path goReplica;

  private final List<Process> processes = new ArrayList<>();
  private long endedMillis;
  private final String lease = "hand-over-" + System.currentTimeMillis();

  @BeforeAll
  static void buildsTheGoReplica() throws IOException, InterruptedException {
    goReplica = folder.resolve("goelector");
    var go =
        new ProcessBuilder("go", "build", "-o", goReplica.toString(), ".")
            .directory(Path.of("src/test/resources/goelector").toFile())
            .inheritIO()
            .start();
    assertThat(go.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(go.exitValue()).isZero();
  }

  @AfterEach
  void endsProcesses() {
    processes.forEach(Process::destroyForcibly);
  }

  @Test
  void given_sigterm_then_the_next_replica_leads_soon() throws Exception {
    var go = start("go-1", goReplica.toString());
    go.awaitLeading();
    var java = start("java-1", javaCommand());
    Thread.sleep(STANDBY_MILLIS);
    go.terminate();
    report("SIGTERM, Go to Java", java, ofSeconds(3));

    var otherGo = start("go-2", goReplica.toString());
    Thread.sleep(STANDBY_MILLIS);
    java.terminate();
    report("SIGTERM, Java to Go", otherGo, ofSeconds(12));

    var otherJava = start("java-2", javaCommand());
    otherGo.terminate();
    otherJava.awaitLeading();
    var lastJava = start("java-3", javaCommand());
    Thread.sleep(STANDBY_MILLIS);
    otherJava.terminate();
    report("SIGTERM, Java to Java", lastJava, ofSeconds(3));
  }

  @Test
  void given_sigkill_then_the_next_replica_leads_after_the_lease() throws Exception {
    var go = start("go-1", goReplica.toString());
    go.awaitLeading();
    var java = start("java-1", javaCommand());
    Thread.sleep(STANDBY_MILLIS);
    go.kill();
    report("SIGKILL, Go to Java", java, ofSeconds(26));

    var otherGo = start("go-2", goReplica.toString());
    Thread.sleep(STANDBY_MILLIS);
    java.kill();
    report("SIGKILL, Java to Go", otherGo, ofSeconds(26));
  }

  private void report(String what, Replica next, Duration limit) {
    var took = Duration.ofMillis(next.awaitLeading() - endedMillis);
    System.out.printf("%s: %d ms%n", what, took.toMillis());
    assertThat(took).as(what).isLessThan(limit);
  }

  private Replica start(String identity, String... command) throws IOException {
    var line = new ArrayList<>(List.of(command));
    line.addAll(List.of(KUBECONFIG, "default", lease, identity));
    var log = folder.resolve(lease + identity + ".log");
    var process =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    processes.add(process);
    return new Replica(process, log);
  }

  private static String[] javaCommand() {
    var path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new String[] {java, "-cp", path, JavaReplica.class.getName()};
  }

  private final class Replica {
    private final Process process;
    private final Path log;

    Replica(Process process, Path log) {
      this.process = process;
      this.log = log;
    }

    /** Since when it leads, in milliseconds of the wall clock. */
    long awaitLeading() {
      await().atMost(ofSeconds(40)).pollInterval(ofMillis(50)).until(() -> since() > 0);
      return since();
    }

    private long since() {
      try (var lines = Files.lines(log)) {
        return lines
            .filter(line -> line.startsWith("leads "))
            .mapToLong(line -> Long.parseLong(line.substring("leads ".length())))
            .findFirst()
            .orElse(0);
      } catch (IOException _) {
        // Not written yet.
        return 0;
      }
    }

    void terminate() {
      endedMillis = System.currentTimeMillis();
      process.destroy();
    }

    void kill() {
      endedMillis = System.currentTimeMillis();
      process.destroyForcibly();
    }
  }
}
