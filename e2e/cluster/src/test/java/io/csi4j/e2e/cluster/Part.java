package io.csi4j.e2e.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One {@code csi4j} process inside the node's namespaces, its log in a file. */
final class Part implements AutoCloseable {
  private static final Duration END_LIMIT = Duration.ofSeconds(30);

  private final String name;
  private final Process process;
  private final Path log;

  private Part(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  static Part start(Path logs, String name, String... args) throws IOException {
    var line = new ArrayList<String>();
    line.add(ClusterUnderTest.checkout().resolve("e2e/cluster/run").toString());
    line.add("--");
    line.add(ClusterUnderTest.checkout().resolve("csi4j").toString());
    line.addAll(List.of(args));
    var log = logs.resolve(name + ".log");
    var process =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    return new Part(name, process, log);
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Memory of the program itself, which is the only child of what runs it inside the node. */
  long residentKiB() throws IOException {
    var program =
        process
            .descendants()
            .filter(each -> each.info().command().orElse("").endsWith("/java"))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException(name + " has no running JVM"));
    for (var line : Files.readAllLines(Path.of("/proc", Long.toString(program.pid()), "status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IllegalStateException("no VmRSS of " + name);
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  /**
   * Asks for an orderly end and insists on it; a part that must be killed, or ends with an error,
   * is a failure.
   */
  void end() throws IOException, InterruptedException {
    process.destroy();
    if (!process.waitFor(END_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException(
          "%s did not end within %s after SIGTERM; its log:%n%s".formatted(name, END_LIMIT, log()));
    }
    if (process.exitValue() != 0) {
      throw new IllegalStateException(
          "%s ended with %d; its log:%n%s".formatted(name, process.exitValue(), log()));
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  @Override
  public String toString() {
    return name;
  }
}
