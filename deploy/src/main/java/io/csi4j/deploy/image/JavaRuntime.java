package io.csi4j.deploy.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A Java runtime of the modules that the program uses, linked from the JDK that runs this. */
final class JavaRuntime {

  /**
   * What jdeps finds, less java.desktop and java.sql: JSON and YAML libraries mention their types,
   * and do without where they are missing. Added is jdk.jcmd, for {@code kubectl exec}: there is no
   * shell, but thread dumps and heap histograms are to be had. {@code jdk.jfr} comes with it.
   */
  static final List<String> MODULES =
      List.of(
          "java.base",
          "java.logging",
          "java.management",
          "java.naming",
          "java.net.http",
          "jdk.httpserver",
          "jdk.jcmd",
          "jdk.jfr",
          "jdk.management",
          "jdk.unsupported");

  private JavaRuntime() {}

  static void link(Path folder, Path target) throws IOException, InterruptedException {
    new Programs(folder)
        .run(
            List.of(
                home().resolve("bin/jlink").toString(),
                "--add-modules",
                String.join(",", MODULES),
                "--output",
                target.toString(),
                "--no-header-files",
                "--no-man-pages"));
  }

  static Path home() {
    return Path.of(System.getProperty("java.home"));
  }

  static String version() {
    return Runtime.version().toString();
  }

  static String vendor() {
    return System.getProperty("java.vendor", "");
  }

  /** Programs and libraries, whose own needs the system's layer must meet. */
  static List<Path> binaries(Path runtime) throws IOException {
    try (var files = Files.walk(runtime)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.toString().endsWith(".so") || Files.isExecutable(file))
          .toList();
    }
  }
}
