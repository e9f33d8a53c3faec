package io.csi4j.driver.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.function.UnaryOperator;

/**
 * A driver on a pool of its own kind, and who talks to it. What it lends is good until it is
 * restarted; at its end nothing of it is left on the machine, whatever the test has done.
 */
final class DriverOnPool implements AutoCloseable {
  private final Path folder;
  private final RealDevices machine;
  private final RealPool pool;
  private final LocalDriverOptions options;
  private final Path staging;
  private LocalDriver driver;
  private CsiClient client;

  private DriverOnPool(
      RealDevices machine, RealPool pool, UnaryOperator<LocalDriverOptions> options)
      throws IOException {
    this.folder = machine.folder();
    this.machine = machine;
    this.pool = pool;
    this.options =
        options.apply(
            LocalDriverOptions.of("node-a")
                .withEndpoint(folder.resolve("csi.sock").toString())
                .withStateDir(pool.folder().resolve("state")));
    this.staging = Files.createDirectory(folder.resolve("staging"));
    this.driver = LocalDriver.start(this.options);
    this.client = new CsiClient(folder.resolve("csi.sock"));
  }

  /** With all features. */
  static DriverOnPool start(Path folder, String kind) throws Exception {
    return start(folder, kind, options -> options.withFeatures(EnumSet.allOf(Feature.class)));
  }

  static DriverOnPool start(Path folder, String kind, UnaryOperator<LocalDriverOptions> options)
      throws Exception {
    RealDevices.assumePossible();
    var machine = RealDevices.below(folder.toRealPath());
    var pool = RealPool.make(machine.folder(), kind);
    try {
      return new DriverOnPool(machine, pool, options);
    } catch (IOException | RuntimeException failure) {
      pool.close();
      machine.close();
      throw failure;
    }
  }

  CsiClient client() {
    return client;
  }

  /** A folder to stage on. */
  Path staging() {
    return staging;
  }

  /** Another one. */
  Path newFolder(String name) throws IOException {
    return Files.createDirectory(folder.resolve(name));
  }

  /** A path where nothing is yet. */
  Path place(String name) {
    return folder.resolve(name);
  }

  /** Of the driver: {@code volumes}, {@code snapshots}. */
  Path state(String name) {
    return options.stateDir().resolve(name);
  }

  LocalDriverOptions options() {
    return options;
  }

  RealDevices machine() {
    return machine;
  }

  void stop() {
    client.close();
    driver.close();
  }

  /** After {@link #stop}. */
  void startAgain() throws IOException {
    driver = LocalDriver.start(options);
    client = new CsiClient(folder.resolve("csi.sock"));
  }

  /**
   * As a restart of the node does to all but the pool: no mount, no device, and nobody was told.
   */
  void loseNode() {
    machine.loseMounts(pool.folder());
  }

  void assertNothingInUse() {
    machine.assertNothingLeftBut(pool.folder());
  }

  void assertNothingLeft() {
    assertNothingInUse();
    assertThat(state("volumes")).isEmptyDirectory();
    assertThat(state("snapshots")).isEmptyDirectory();
  }

  @Override
  public void close() {
    stop();
    loseNode();
    pool.close();
    machine.close();
  }
}
