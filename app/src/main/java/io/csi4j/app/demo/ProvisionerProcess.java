package io.csi4j.app.demo;

import io.csi4j.app.Main;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The provisioner in a process of its own, so that it can die as processes do. */
final class ProvisionerProcess implements AutoCloseable {
  private static final List<String> JVM =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:+UseCompactObjectHeaders",
          "-XX:TieredStopAtLevel=1",
          "-Xmx96m",
          "-Xss512k",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private final Process process;

  private ProvisionerProcess(Process process) {
    this.process = process;
  }

  /** {@code log} gets what it says. */
  static ProvisionerProcess start(Path log, List<String> flags) throws IOException {
    var line = new java.util.ArrayList<String>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(JVM);
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    line.add("provisioner");
    line.addAll(flags);
    var builder = new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile());
    return new ProvisionerProcess(builder.start());
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  boolean runs() {
    return process.isAlive();
  }

  /** SIGKILL: it can say nothing more, and finish nothing. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
