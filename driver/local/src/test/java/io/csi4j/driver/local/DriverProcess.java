package io.csi4j.driver.local;

import io.csi4j.driver.framework.syscall.NativeThreads.Watcher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The driver in a process of its own, so that it can be killed at any moment. */
final class DriverProcess {
  private final Process process;

  private DriverProcess(Process process) {
    this.process = process;
  }

  static DriverProcess start(Path folder) throws IOException {
    return start(folder, Integer.MAX_VALUE);
  }

  /** Dies right before its native call of this number, counted from its start. */
  static DriverProcess start(Path folder, int callOfDeath) throws IOException {
    return start(folder, Integer.toString(callOfDeath));
  }

  /** Dies as soon as it has frozen what is mounted there. */
  static DriverProcess startToDieFrozen(Path folder, Path mounted) throws IOException {
    return start(folder, mounted.toString());
  }

  private static DriverProcess start(Path folder, String death) throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var process =
        new ProcessBuilder(
                List.of(
                    java,
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Xmx64m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    DriverProcess.class.getName(),
                    folder.toString(),
                    death))
            .inheritIO()
            .start();
    return new DriverProcess(process);
  }

  boolean alive() {
    return process.isAlive();
  }

  /** As {@code kill -9} does; also for one that has died already. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    awaitDeath();
  }

  /** Waits until it has died of {@code kill -9}, be it by its own hand: nothing else counts. */
  void awaitDeath() throws InterruptedException {
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the process does not end");
    }
    if (process.exitValue() != SigKill.EXIT_VALUE) {
      throw new AssertionError("not killed by signal 9: exit value " + process.exitValue());
    }
  }

  static LocalDriverOptions options(Path folder) {
    return LocalDriverOptions.of("node-a")
        .withEndpoint(folder.resolve("csi.sock").toString())
        .withStateDir(folder.resolve("state"))
        .withFeatures(EnumSet.allOf(Feature.class));
  }

  public static void main(String[] arguments) throws Exception {
    var death = arguments[1];
    var watcher =
        death.startsWith("/")
            ? new DiesFrozen(new FrozenCheck(Path.of(death)), SigKill.ofThisProcess())
            : new CallCounter(Integer.parseInt(death));
    try (var driver = LocalDriver.start(options(Path.of(arguments[0])), watcher)) {
      driver.awaitTermination();
    }
  }

  private record DiesFrozen(FrozenCheck check, SigKill death) implements Watcher {

    @Override
    public void before() {}

    @Override
    public void after() {
      if (check.frozen()) {
        death.now();
      }
    }
  }
}
