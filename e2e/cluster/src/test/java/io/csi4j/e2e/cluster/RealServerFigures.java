package io.csi4j.e2e.cluster;

import io.csi4j.e2e.sandbox.contract.Load;
import io.csi4j.e2e.sandbox.contract.ServerUnderTest;
import java.nio.file.Files;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code SandboxFigures} prints of the sandbox, of a real API server on the same machine. */
@Tag("figures")
class RealServerFigures {

  @Test
  void writes_and_watches() throws Exception {
    try (var controlPlane = ControlPlane.start("load", "--raised-limits")) {
      var kubeconfig = Files.readString(controlPlane.kubeconfig());
      try (var load = new Load(new ServerUnderTest(kubeconfig, _ -> {}))) {
        load.writesPerSecond(10, 1000);
        System.out.printf("real server, writes/s, 1 client: %d%n", load.writesPerSecond(1, 1500));
        System.out.printf(
            "real server, writes/s, 50 clients: %d%n", load.writesPerSecond(50, 5000));
        System.out.printf(
            "real server, events/s to 10 watchers, 10 writers: %d%n",
            load.eventsPerSecond(10, 10, 2000));
      }
    }
  }
}
