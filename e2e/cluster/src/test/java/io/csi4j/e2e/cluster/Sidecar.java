package io.csi4j.e2e.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@code csi4j} process outside of any node, which may be killed at any moment. */
final class Sidecar implements AutoCloseable {
  private static final long TICKS_PER_SECOND = 100;
  private static final int UTIME = 11;
  private static final int STIME = 12;

  private final Process process;
  private final Path log;

  private Sidecar(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  static Sidecar start(Path log, String... args) throws IOException {
    return start(List.of(), log, args);
  }

  /** As in a pod of this name: rivals at a lease tell each other apart by it. Needs root. */
  static Sidecar startOn(String hostName, Path log, String... args) throws IOException {
    return start(onHost(hostName), log, args);
  }

  /** What a command line begins with whose process is to see a host name of its own. */
  private static List<String> onHost(String hostName) {
    var named = "hostname \"$0\" && exec \"$@\"";
    return List.of("unshare", "--uts", "sh", "-c", named, hostName);
  }

  private static Sidecar start(List<String> before, Path log, String... args) throws IOException {
    var line = new ArrayList<>(before);
    line.addAll(program(args[0]));
    line.addAll(List.of(args).subList(1, args.length));
    Files.createDirectories(log.toAbsolutePath().getParent());
    var process =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    return new Sidecar(process, log);
  }

  /** Ours, unless another one with its flags is named, which ours is to be compared with. */
  private static List<String> program(String subcommand) {
    var ours = ClusterUnderTest.checkout().resolve("csi4j") + " " + subcommand;
    return List.of(System.getProperty("csi4j." + subcommand, ours).split(" ", -1));
  }

  /** User and system time so far. */
  double cpuSeconds() throws IOException {
    var stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME]))
        / (double) TICKS_PER_SECOND;
  }

  long residentMiB() throws IOException {
    for (var line : Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
      }
    }
    throw new IllegalStateException("no VmRSS");
  }

  boolean says(String text) throws IOException {
    return Files.exists(log) && log().contains(text);
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  boolean alive() {
    return process.isAlive();
  }

  /** SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** Whether it ends within this time, and ends well. */
  boolean endsWell(Duration limit) throws InterruptedException {
    return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS) && process.exitValue() == 0;
  }

  /** Waits for its end. */
  int exitCode() throws InterruptedException {
    return process.waitFor();
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(10, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
