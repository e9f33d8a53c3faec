package io.csi4j.app;

import io.csi4j.driver.local.LocalDriver;
import io.csi4j.driver.local.LocalDriverOptions;
import io.csi4j.sidecars.kit.component.Component;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.options.Flags.Presence;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** {@code csi4j driver local}: reads the flags that the driver's room cannot read itself. */
final class LocalDriverComponent implements Component {
  private final LocalDriverOptions options;
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  private LocalDriverComponent(LocalDriverOptions options) {
    this.options = options;
  }

  static Component of(Flags flags, Time time) {
    var component = part(flags);
    flags.throwIfAnyProblem();
    return component;
  }

  /** A part of a process that reads other flags too, and reports all mistakes. */
  static LocalDriverComponent part(Flags flags) {
    return new LocalDriverComponent(options(flags));
  }

  /** Where the driver listens, as it was given. */
  String endpoint() {
    return options.endpoint();
  }

  private static LocalDriverOptions options(Flags flags) {
    var defaults = LocalDriverOptions.of("");
    var options =
        new LocalDriverOptions(
            flags.text("endpoint", defaults.endpoint(), "socket to serve, unix:///path.sock"),
            flags.requiredText("nodeid", "this node's name, as Kubernetes knows it"),
            Path.of(
                flags.text(
                    "statedir", defaults.stateDir().toString(), "images and journal are here")),
            flags.text("drivername", defaults.driverName(), "what classes call the driver"),
            defaults.version(),
            flags.truth("enable-attach", Presence.OFF, "simulate attaching, for an attacher"),
            flags.count("attach-limit", 0, "volumes attached at once; 0 for no limit"),
            flags.count("maxvolumespernode", 0, "what the node reports; 0 for no limit"),
            defaults.volumeSizeBytesMax(),
            flags.truth("enable-topology", Presence.ON, "volumes can be used on this node only"));
    options
        .problems()
        .forEach(
            (name, problem) -> {
              if (!name.equals("nodeid") || !options.nodeId().isEmpty()) {
                flags.require(false, name, problem.replaceFirst("^must be ", ""));
              }
            });
    return options;
  }

  @Override
  public void run() throws InterruptedException {
    try (var _ = LocalDriver.start(options)) {
      asked.await();
    } catch (IOException e) {
      throw new Fatal("cannot serve %s: %s".formatted(options.endpoint(), e));
    } finally {
      ended.countDown();
    }
  }

  @Override
  public void close() {
    asked.countDown();
    try {
      ended.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
