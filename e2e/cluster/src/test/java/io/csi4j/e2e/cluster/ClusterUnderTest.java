package io.csi4j.e2e.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The cluster that {@code e2e/cluster/up} started, as its {@code cluster.env} describes it. */
final class ClusterUnderTest {
  private static final Duration COMMAND_LIMIT = Duration.ofMinutes(2);

  private final String name;
  private final Map<String, String> env;

  private ClusterUnderTest(String name, Map<String, String> env) {
    this.name = name;
    this.env = env;
  }

  static ClusterUnderTest running() throws IOException {
    return running(System.getenv().getOrDefault("CSI4J_CLUSTER", "csi4j"));
  }

  /** A cluster of a test's own; {@link #end} takes it away, also when starting has failed. */
  static ClusterUnderTest start(String name, int nodes) throws IOException, InterruptedException {
    command(name, "up", List.of("--nodes=" + nodes), "");
    return running(name);
  }

  /** Fails with what to do where no such cluster with a node is running. */
  static ClusterUnderTest running(String name) throws IOException {
    var file = stateFolder(name).resolve("cluster.env");
    if (!Files.exists(file)) {
      throw new IllegalStateException(
          "no cluster is running (no %s): start one with e2e/cluster/up".formatted(file));
    }
    var env = new HashMap<String, String>();
    for (var line : Files.readAllLines(file)) {
      var equals = line.indexOf('=');
      if (equals > 0) {
        env.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    if (!env.containsKey("NODE_PID")) {
      throw new IllegalStateException(
          "the cluster has no node: start it with e2e/cluster/up, without --control-plane");
    }
    return new ClusterUnderTest(name, env);
  }

  static Path stateFolder(String cluster) {
    var home = Path.of(System.getenv().getOrDefault("HOME", "/root"));
    var state = System.getenv("CSI4J_STATE");
    var base =
        state != null
            ? Path.of(state)
            : Path.of(
                    System.getenv()
                        .getOrDefault("XDG_STATE_HOME", home.resolve(".local/state").toString()))
                .resolve("csi4j");
    return base.resolve("cluster").resolve(cluster);
  }

  /** The root of the checkout: tests run in e2e/cluster. */
  static Path checkout() {
    return Path.of("").toAbsolutePath().resolve("../..").normalize();
  }

  String name() {
    return name;
  }

  /** What {@code up} has told, of the first node where it is about a node. */
  String get(String key) {
    var value = env.get(key);
    if (value == null) {
      throw new IllegalStateException("cluster.env has no " + key);
    }
    return value;
  }

  /** The same cluster, but all that is about a node is about this one. */
  ClusterUnderTest node(int number) {
    if (number == 1) {
      return this;
    }
    var suffix = "_" + number;
    var seen = new HashMap<>(env);
    env.forEach(
        (key, value) -> {
          if (key.endsWith(suffix)) {
            seen.put(key.substring(0, key.length() - suffix.length()), value);
          }
        });
    return new ClusterUnderTest(name, seen);
  }

  /** One for each of its nodes. */
  List<ClusterUnderTest> nodes() {
    return IntStream.rangeClosed(1, Integer.parseInt(get("NODES"))).mapToObj(this::node).toList();
  }

  /** A file of the node, seen from outside its mount namespace. */
  Path onNode(String path) {
    return Path.of("/proc", get("NODE_PID"), "root").resolve(path.substring(1));
  }

  /** Mount points on the node whose line mentions the text. */
  List<String> mountsOnNode(String mentioned) throws IOException {
    try (var lines = Files.lines(Path.of("/proc", get("NODE_PID"), "mounts"))) {
      return lines.filter(line -> line.contains(mentioned)).toList();
    }
  }

  /** Loop devices whose backing file's path mentions the text. */
  static List<String> loopDevices(String mentioned) throws IOException {
    var found = new ArrayList<String>();
    try (Stream<Path> devices = Files.list(Path.of("/sys/block"))) {
      for (var device : devices.toList()) {
        var file = backingFile(device);
        if (file.contains(mentioned)) {
          found.add(device.getFileName() + " " + file);
        }
      }
    }
    return found;
  }

  /** Empty where there is none, or no longer. */
  private static String backingFile(Path device) throws IOException {
    try {
      return Files.readString(device.resolve("loop/backing_file")).strip();
    } catch (NoSuchFileException _) {
      return "";
    }
  }

  /** Runs kubectl as administrator and returns what it printed. */
  String kubectl(String... args) throws IOException, InterruptedException {
    return command(name, "kubectl", List.of(args), "");
  }

  /** Applies manifests given as text. */
  String apply(String manifests) throws IOException, InterruptedException {
    return command(name, "kubectl", List.of("apply", "-f", "-"), manifests);
  }

  /** Starts again what has died, and waits until it is ready. */
  void up() throws IOException, InterruptedException {
    command(name, "up", List.of(), "");
  }

  /** Makes an image known to all nodes. */
  void load(Path image) throws IOException, InterruptedException {
    command(name, "image", List.of("--load", image.toString()), "");
  }

  /** Fails where anything of it is left on the machine. */
  static void end(String name) throws IOException {
    try {
      command(name, "down", List.of("--purge"), "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while ending the cluster " + name, e);
    }
  }

  /** A kubeconfig with the rights of a service account, as a file. */
  Path kubeconfigOf(String serviceAccount, Path folder) throws IOException, InterruptedException {
    var text = command(name, "kubeconfig", List.of("--serviceaccount=" + serviceAccount), "");
    var file = folder.resolve(serviceAccount.replace('/', '-') + ".kubeconfig");
    return Files.writeString(file, text);
  }

  private static String command(String cluster, String name, List<String> args, String input)
      throws IOException, InterruptedException {
    var line = new ArrayList<String>();
    line.add(checkout().resolve("e2e/cluster").resolve(name).toString());
    line.addAll(args);
    var output = Files.createTempFile("csi4j-" + name, ".out");
    try {
      var builder =
          new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(output.toFile());
      builder.environment().put("CSI4J_CLUSTER", cluster);
      var process = builder.start();
      try (var stdin = process.outputWriter()) {
        stdin.write(input);
      }
      if (!process.waitFor(COMMAND_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("%s did not end within %s".formatted(line, COMMAND_LIMIT));
      }
      var text = Files.readString(output);
      if (process.exitValue() != 0) {
        throw new IOException("%s ended with %d: %s".formatted(line, process.exitValue(), text));
      }
      return text;
    } finally {
      Files.deleteIfExists(output);
    }
  }
}
