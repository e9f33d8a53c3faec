package io.csi4j.e2e.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Figures: 10,000 claims, volumes and attachments each on a real API server, synced into the kit's
 * tables by a process of its own with the program's JVM options.
 */
@Tag("figures")
@WithControlPlane(name = "many", flags = "--raised-limits")
class ManyObjectsFigures {
  private static final Path REPORTS = Path.of("target", "e2e");

  @Test
  void thirty_thousand_objects_in_tables(ControlPlane controlPlane) throws Exception {
    Files.createDirectories(REPORTS);
    new ManyObjects("local.csi4j.io", "Retain").fill(controlPlane.kubeconfig());
    var output = REPORTS.resolve("many-objects.txt").toAbsolutePath();
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var process =
        new ProcessBuilder(
                java,
                "@" + ClusterUnderTest.checkout().resolve("app/jvm.options"),
                "-Xmx" + System.getProperty("csi4j.heap", "64m"),
                "-cp",
                System.getProperty("java.class.path"),
                TableSync.class.getName(),
                controlPlane.kubeconfig().toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    process.waitFor(180, TimeUnit.SECONDS);
    System.out.print(Files.readString(output));
  }
}
