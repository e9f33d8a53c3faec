package io.csi4j.driver.local;

import static org.awaitility.Awaitility.await;

import io.csi4j.driver.framework.syscall.NativeThreads.Watcher;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The driver in a process of its own, so that it can be killed at any moment. */
final class DriverProcess {
  private static final Duration LONG_ENOUGH = Duration.ofMinutes(1);

  private final Process process;
  private final Path socket;

  private DriverProcess(Process process, Path socket) {
    this.process = process;
    this.socket = socket;
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

  /** On a node whose {@code /dev} has nothing but what a JVM needs. */
  static DriverProcess startWithoutDevices(Path folder) throws IOException {
    var bare =
        "mount -t tmpfs none /dev && mknod /dev/null c 1 3 && mknod /dev/random c 1 8"
            + " && mknod /dev/urandom c 1 9 && exec \"$@\"";
    return start(
        List.of("unshare", "--mount", "sh", "-c", bare, "sh"),
        folder,
        Integer.toString(Integer.MAX_VALUE));
  }

  private static DriverProcess start(Path folder, String death) throws IOException {
    return start(List.of(), folder, death);
  }

  /** {@code prefix} is a command that runs the one behind it, in the same process. */
  private static DriverProcess start(List<String> prefix, Path folder, String death)
      throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command = new ArrayList<>(prefix);
    command.addAll(
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
            death));
    return new DriverProcess(
        new ProcessBuilder(command).inheritIO().start(), folder.resolve("csi.sock"));
  }

  /** Until it listens, or has died on the way there. */
  void awaitListening() {
    await().atMost(LONG_ENOUGH).until(() -> !process.isAlive() || Files.exists(socket));
  }

  /** Until it has done what an earlier life has left, or has died on the way there. */
  void awaitReady(CsiClient client) {
    awaitListening();
    await().atMost(LONG_ENOUGH).until(() -> !process.isAlive() || ready(client));
  }

  private static boolean ready(CsiClient client) {
    try {
      return client.ready();
    } catch (StatusRuntimeException _) {
      return false;
    }
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
