package io.csi4j.driver.framework.syscall;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What tests of real mounts need of the machine; where it is missing they are left out, and say so.
 */
final class RealMounts {
  private RealMounts() {}

  static void assumePossible() {
    assumeThat(System.getProperty("user.name"))
        .as("left out: mounting needs root")
        .isEqualTo("root");
    assumeThat(Files.isWritable(Path.of("/dev/loop-control")))
        .as("left out: this machine has no loop devices")
        .isTrue();
  }
}
