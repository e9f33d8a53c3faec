package io.csi4j.e2e.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A control plane of a test's own, which it may pause, kill and start again without disturbing
 * others.
 */
final class ControlPlane implements AutoCloseable {
  private static final long COMMAND_SECONDS = 120;

  private final String name;
  private final List<String> flags;
  private Map<String, String> env;

  private ControlPlane(String name, List<String> flags) throws IOException, InterruptedException {
    this.name = name;
    this.flags = flags;
    this.env = start();
  }

  /** With more flags for {@code e2e/cluster/up}. */
  static ControlPlane start(String name, String... flags) throws IOException, InterruptedException {
    return new ControlPlane(name, List.of(flags));
  }

  Path kubeconfig() {
    return Path.of(get("KUBECONFIG"));
  }

  /** All that the API server's process has used so far. */
  double apiServerCpuSeconds() {
    return ProcessHandle.of(Long.parseLong(get("API_PID")))
        .flatMap(process -> process.info().totalCpuDuration())
        .map(used -> used.toMillis() / 1e3)
        .orElse(0.0);
  }

  String etcdUrl() {
    return get("ETCD_URL");
  }

  /** SIGKILL: nothing is said to anybody. */
  void killApiServer() throws IOException, InterruptedException {
    signal("KILL");
  }

  /** The process is there, takes connections, and answers nothing. */
  void pauseApiServer() throws IOException, InterruptedException {
    signal("STOP");
  }

  void resumeApiServer() throws IOException, InterruptedException {
    signal("CONT");
  }

  /** STOP or CONT to the controller manager. */
  void signalControllers(String signal) throws IOException, InterruptedException {
    signal(signal, "CONTROLLER_MANAGER_PID");
  }

  /** Starts again what has died. */
  void bringBack() throws IOException, InterruptedException {
    env = start();
  }

  @Override
  public void close() throws IOException {
    try {
      command("down", "--name=" + name, "--purge");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while ending the control plane " + name, e);
    }
  }

  private Map<String, String> start() throws IOException, InterruptedException {
    var args = new ArrayList<>(List.of("--control-plane", "--name=" + name));
    args.addAll(flags);
    command("up", args.toArray(String[]::new));
    var found = new HashMap<String, String>();
    for (var line : Files.readAllLines(ClusterUnderTest.stateFolder(name).resolve("cluster.env"))) {
      var equals = line.indexOf('=');
      if (equals > 0) {
        found.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    return found;
  }

  private void signal(String signal) throws IOException, InterruptedException {
    signal(signal, "API_PID");
  }

  private void signal(String signal, String pid) throws IOException, InterruptedException {
    var kill = new ProcessBuilder("kill", "-" + signal, get(pid)).inheritIO().start();
    if (!kill.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS) || kill.exitValue() != 0) {
      throw new IOException("could not send SIG%s to %s".formatted(signal, pid));
    }
  }

  private String get(String key) {
    var value = env.get(key);
    if (value == null) {
      throw new IllegalStateException("cluster.env has no " + key);
    }
    return value;
  }

  private static void command(String command, String... args)
      throws IOException, InterruptedException {
    var line = new ArrayList<String>();
    line.add(ClusterUnderTest.checkout().resolve("e2e/cluster").resolve(command).toString());
    line.addAll(List.of(args));
    var log = Files.createTempFile("csi4j-" + command, ".log");
    try {
      var process =
          new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile()).start();
      if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException("%s failed: %s".formatted(line, Files.readString(log)));
      }
    } finally {
      Files.deleteIfExists(log);
    }
  }
}
