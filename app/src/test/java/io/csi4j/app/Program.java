package io.csi4j.app;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The program as a process of its own, for what only a process has: signals, exit code, stderr. */
final class Program implements AutoCloseable {
  private static final long LIMIT_SECONDS = 60;

  /** The state of a listening socket in /proc/net/tcp. */
  private static final String LISTENING = "0A";

  private final Process process;
  private final Path log;

  private Program(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  static Program start(Path log, String... args) throws IOException {
    var line =
        new ArrayList<>(
            List.of(
                // A build in the background runs with SIGINT ignored, and so would this process.
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Xmx96m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    line.addAll(List.of(args));
    var builder = new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile());
    // Names in its output whatever the environment has put into it.
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    return new Program(builder.start(), log);
  }

  void terminate() {
    process.destroy();
  }

  /** As Ctrl-C does. */
  void interrupt() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
  }

  /** TCP ports at which it listens. */
  Set<Integer> listeningPorts() throws IOException {
    var sockets = new HashSet<String>();
    try (var descriptors = Files.list(proc("fd"))) {
      for (var descriptor : descriptors.toList()) {
        try {
          sockets.add(Files.readSymbolicLink(descriptor).toString());
        } catch (IOException _) {
          // Closed meanwhile.
        }
      }
    }
    var ports = new HashSet<Integer>();
    for (var table : List.of("net/tcp", "net/tcp6")) {
      for (var line : Files.readAllLines(proc(table))) {
        var fields = line.strip().split("\\s+", -1);
        if (fields.length > 9
            && fields[3].equals(LISTENING)
            && sockets.contains("socket:[" + fields[9] + "]")) {
          ports.add(Integer.parseInt(fields[1].substring(fields[1].indexOf(':') + 1), 16));
        }
      }
    }
    return ports;
  }

  private Path proc(String name) {
    return Path.of("/proc", Long.toString(process.pid()), name);
  }

  void kill() throws InterruptedException {
    process.destroyForcibly();
    exitCode();
  }

  int exitCode() throws InterruptedException {
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("still running: " + output());
    }
    return process.exitValue();
  }

  boolean runs() {
    return process.isAlive();
  }

  /** All that it has written so far. */
  String output() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  void awaitOutput(String words) {
    await()
        .atMost(LIMIT_SECONDS, TimeUnit.SECONDS)
        .until(() -> output().contains(words) || !process.isAlive());
    if (!output().contains(words)) {
      throw new AssertionError("ended without saying \"%s\": %s".formatted(words, output()));
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
