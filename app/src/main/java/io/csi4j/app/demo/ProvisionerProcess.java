package io.csi4j.app.demo;

import io.csi4j.app.Main;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The provisioner in a process of its own, so that it can die as processes do. */
final class ProvisionerProcess implements AutoCloseable {
  /** How this JVM is set up, AOT cache included, is how the other one shall be. */
  private static final List<String> HANDED_ON =
      List.of("-XX:", "-Xm", "-Xs", "-Xlog", "--enable-native-access", "--sun-misc-unsafe");

  private final Process process;

  private ProvisionerProcess(Process process) {
    this.process = process;
  }

  /** {@code log} gets what it says. */
  static ProvisionerProcess start(Path log, List<String> flags) throws IOException {
    var classPath = System.getProperty("java.class.path");
    var line = new ArrayList<String>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(each -> HANDED_ON.stream().anyMatch(each::startsWith))
        .forEach(line::add);
    line.addAll(
        classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator)
            ? List.of("-jar", classPath)
            : List.of("-cp", classPath, Main.class.getName()));
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
