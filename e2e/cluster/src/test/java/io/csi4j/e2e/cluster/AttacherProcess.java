package io.csi4j.e2e.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code csi4j attacher} as a process of its own, beside a control plane without a node. */
final class AttacherProcess implements AutoCloseable {
  private static final Duration END_LIMIT = Duration.ofSeconds(40);

  /** Another attacher with its flags, where ours is to be compared with it. */
  private static final String COMMAND =
      System.getProperty(
          "csi4j.attacher", ClusterUnderTest.checkout().resolve("csi4j") + " attacher");

  private final Process process;
  private final Path log;

  private AttacherProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  static AttacherProcess start(Path log, Path kubeconfig, Path socket, String... more)
      throws IOException {
    var line = new ArrayList<>(Sidecar.onHost(hostName(log)));
    line.addAll(List.of(COMMAND.split(" ", -1)));
    line.add("--kubeconfig=" + kubeconfig);
    line.add("--csi-address=" + socket);
    line.addAll(List.of(more));
    var process =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    return new AttacherProcess(process, log);
  }

  /** One for each: by it they are told apart where they stand for election. */
  private static String hostName(Path log) {
    return String.valueOf(log.getFileName()).replaceAll("[^A-Za-z0-9-]", "-");
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Ours says the first, the Go tool the second. */
  boolean started() throws IOException {
    return log().contains("csi4j-attacher started") || log().contains("Starting CSI attacher");
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  double cpuSeconds() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
  }

  long residentMiB() throws IOException {
    for (var line : Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
      }
    }
    throw new IllegalStateException("no VmRSS of the attacher");
  }

  /** SIGTERM; the time until it has ended, and ended well. */
  Duration end() throws IOException, InterruptedException {
    var asked = System.nanoTime();
    process.destroy();
    if (!process.waitFor(END_LIMIT.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IllegalStateException("the attacher did not end well; its log:\n" + log());
    }
    return Duration.ofNanos(System.nanoTime() - asked);
  }

  void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
