package io.csi4j.driver.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A driver on a pool of its own, and who talks to it: a test's field, with
 * {@code @RegisterExtension}. After the test nothing of it is left on the machine, whatever the
 * test has done.
 */
final class DriverOnPool implements BeforeEachCallback, AfterEachCallback {
  private final @Nullable String kind;
  private final UnaryOperator<LocalDriverOptions> choices;
  private final Path folder;
  private final Path staging;
  private final Path target;
  private final CsiClient client;
  private @Nullable Ground ground;
  private @Nullable LocalDriver driver;

  /** What a driver stands on. */
  private record Ground(RealDevices machine, RealPool pool, LocalDriverOptions options) {}

  private DriverOnPool(@Nullable String kind, UnaryOperator<LocalDriverOptions> choices) {
    this.kind = kind;
    this.choices = choices;
    try {
      folder = Files.createTempDirectory("csi4j").toRealPath();
      staging = Files.createDirectory(folder.resolve("staging"));
      target = Files.createDirectory(folder.resolve("pod")).resolve("target");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    client = new CsiClient(folder.resolve("csi.sock"));
  }

  /** With all features; the test starts it, on a pool of the kind that it asks for. */
  static DriverOnPool ofAnyKind() {
    return new DriverOnPool(null, options -> options.withFeatures(EnumSet.allOf(Feature.class)));
  }

  /** Started before each test, on a plain folder. */
  static DriverOnPool inFolder(UnaryOperator<LocalDriverOptions> choices) {
    return new DriverOnPool("dir", choices);
  }

  @Override
  public void beforeEach(ExtensionContext context) throws Exception {
    if (kind != null) {
      start(kind);
    }
  }

  void start(String kindOfPool) throws Exception {
    RealDevices.assumePossible();
    var machine = RealDevices.below(folder);
    var pool = RealPool.make(folder, kindOfPool);
    var options =
        choices.apply(
            LocalDriverOptions.of("node-a")
                .withEndpoint(folder.resolve("csi.sock").toString())
                .withStateDir(pool.folder().resolve("state")));
    ground = new Ground(machine, pool, options);
    startAgain();
  }

  /** The same one also after the driver has been started again. */
  CsiClient client() {
    return client;
  }

  /** A folder to stage on. */
  Path staging() {
    return staging;
  }

  /** A path to publish at, where nothing is yet, with its folder to itself. */
  Path target() {
    return target;
  }

  /** Another folder. */
  Path newFolder(String name) throws IOException {
    return Files.createDirectory(folder.resolve(name));
  }

  /** A path where nothing is yet. */
  Path place(String name) {
    return folder.resolve(name);
  }

  /** Of the driver: {@code volumes}, {@code snapshots}. */
  Path state(String name) {
    return options().stateDir().resolve(name);
  }

  LocalDriverOptions options() {
    return ground().options();
  }

  RealDevices machine() {
    return ground().machine();
  }

  void stop() {
    client.disconnect();
    if (driver != null) {
      driver.close();
      driver = null;
    }
  }

  /** After {@link #stop}. */
  void startAgain() throws IOException {
    driver = LocalDriver.start(options());
  }

  void assertNothingLeft() {
    machine().assertNothingLeftBut(ground().pool().folder());
    assertThat(state("volumes")).isEmptyDirectory();
    assertThat(state("snapshots")).isEmptyDirectory();
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    stop();
    client.close();
    if (ground != null) {
      ground.machine().loseMounts(ground.pool().folder());
      ground.pool().close();
      ground.machine().close();
    }
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private Ground ground() {
    if (ground == null) {
      throw new IllegalStateException("the test has not started it");
    }
    return ground;
  }
}
