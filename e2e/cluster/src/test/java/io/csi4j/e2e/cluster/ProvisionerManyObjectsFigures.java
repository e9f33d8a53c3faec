package io.csi4j.e2e.cluster;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static org.awaitility.Awaitility.await;

import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Figures: a provisioner that comes into a cluster with 10,000 claims, volumes and attachments each
 * and has nothing to do. Run by {@code ./mvnw -Pfigures -pl e2e/cluster -am
 * -Dtest=ProvisionerManyObjectsFigures verify}; it starts a control plane of its own.
 */
@Tag("figures")
@WithControlPlane(name = "many", flags = "--raised-limits")
class ProvisionerManyObjectsFigures {
  private static final int RUNS = 3;
  private static final int[] LATER_SECONDS = {5, 25, 60};
  private static final Path REPORTS = Path.of("target", "e2e");

  @Test
  void thirty_thousand_objects(ControlPlane controlPlane) throws Exception {
    var socket = Files.createTempDirectory("csi4j").resolve("csi.sock");
    controlPlane.signalControllers("STOP");
    new ManyObjects(InstantDriver.NAME, "Delete").fill(controlPlane.kubeconfig());
    try (var driver = InstantDriver.start(socket, RPC.Type.PUBLISH_UNPUBLISH_VOLUME)) {
      for (var run = 0; run < RUNS; run++) {
        measure(controlPlane, socket);
      }
      System.out.printf(
          "calls to the driver: %d; load of the machine: %s",
          driver.creates.get() + driver.deletes.get(), Files.readString(Path.of("/proc/loadavg")));
    } finally {
      controlPlane.signalControllers("CONT");
    }
  }

  private static void measure(ControlPlane controlPlane, Path socket) throws Exception {
    var log = REPORTS.resolve("many-provisioner.log");
    Files.deleteIfExists(log);
    var begun = System.nanoTime();
    try (var sidecar =
        Sidecar.start(
            log,
            "provisioner",
            "--csi-address=" + socket,
            "--kubeconfig=" + controlPlane.kubeconfig())) {
      await().atMost(ofMinutes(3)).pollInterval(ofMillis(5)).until(() -> sidecar.says("started"));
      var text =
          new StringBuilder(
              "synced %.2f s after its start, %.2f CPU s; resident %d MiB"
                  .formatted(
                      (System.nanoTime() - begun) / 1e9,
                      sidecar.cpuSeconds(),
                      sidecar.residentMiB()));
      for (var seconds : LATER_SECONDS) {
        TimeUnit.SECONDS.sleep(seconds);
        text.append(", %d s later %d MiB".formatted(seconds, sidecar.residentMiB()));
      }
      System.out.println(text);
    }
  }
}
