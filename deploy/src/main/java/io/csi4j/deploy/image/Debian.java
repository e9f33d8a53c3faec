package io.csi4j.deploy.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the building machine says about itself. Libraries and tools are of its release. */
final class Debian {

  private Debian() {}

  /** As Debian and the image format both call it: amd64, arm64. */
  static String architecture(Path anywhere) throws IOException, InterruptedException {
    return new Programs(anywhere).run(List.of("dpkg", "--print-architecture")).strip();
  }

  static String osRelease() throws IOException {
    return Files.readString(Path.of("/etc/os-release"));
  }
}
