package io.csi4j.driver.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.csi4j.driver.framework.syscall.LoopDevices;
import io.csi4j.driver.framework.syscall.MountTable;
import io.csi4j.driver.framework.syscall.Mounts;
import io.csi4j.driver.framework.syscall.NativeThreads;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The machine below a folder: what is mounted and attached there, and tidying it up after a test
 * that failed.
 */
record RealDevices(Path folder, NativeThreads threads) implements AutoCloseable {

  static RealDevices below(Path folder) {
    return new RealDevices(folder, new NativeThreads("test", 1));
  }

  /** Tests that mount are left out, and say so, where the machine does not let them. */
  static void assumePossible() {
    assumeThat(System.getProperty("user.name"))
        .as("left out: mounting needs root")
        .isEqualTo("root");
    assumeThat(Files.isWritable(Path.of("/dev/loop-control")))
        .as("left out: this machine has no loop devices")
        .isTrue();
  }

  void assertNothingLeft() {
    assertThat(MountTable.read().entries())
        .as("mounts below %s", folder)
        .noneMatch(entry -> entry.point().startsWith(folder));
    assertThat(loops().attached(path -> path.startsWith(folder)))
        .as("loop devices of files below %s", folder)
        .isEmpty();
  }

  /** But the pool itself. */
  void assertNothingLeftBut(Path pool) {
    assertThat(MountTable.read().entries())
        .as("mounts below %s", folder)
        .noneMatch(entry -> entry.point().startsWith(folder) && !entry.point().equals(pool));
    assertThat(loops().attached(path -> path.startsWith(pool)))
        .as("loop devices of files below %s", pool)
        .isEmpty();
  }

  /** All that is mounted and attached, but the pool itself. */
  void loseMounts(Path pool) {
    var mounts = new Mounts(threads);
    for (var entry : MountTable.read().entries().reversed()) {
      if (entry.point().startsWith(folder) && !entry.point().equals(pool)) {
        mounts.unmount(entry.point());
      }
    }
    loops().attached(path -> path.startsWith(pool)).forEach(loops()::detach);
  }

  long attached() {
    return loops().attached(path -> path.startsWith(folder)).size();
  }

  /** As a restart of the node does: every mount and device is gone, and nobody was told. */
  void loseAll() {
    var mounts = new Mounts(threads);
    for (var entry : MountTable.read().entries().reversed()) {
      if (entry.point().startsWith(folder)) {
        mounts.unmount(entry.point());
      }
    }
    loops().attached(path -> path.startsWith(folder)).forEach(loops()::detach);
  }

  @Override
  public void close() {
    loseAll();
    threads.close();
  }

  private LoopDevices loops() {
    return new LoopDevices(threads);
  }
}
