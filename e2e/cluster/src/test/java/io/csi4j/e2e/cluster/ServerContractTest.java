package io.csi4j.e2e.cluster;

import io.csi4j.e2e.sandbox.contract.CreateContract;
import io.csi4j.e2e.sandbox.contract.DeleteContract;
import io.csi4j.e2e.sandbox.contract.ListContract;
import io.csi4j.e2e.sandbox.contract.ServerUnderTest;
import io.csi4j.e2e.sandbox.contract.UpdateContract;
import io.csi4j.e2e.sandbox.contract.WatchContract;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/**
 * A real kube-apiserver does what the sandbox's contract says; {@code SandboxContractTest} in
 * e2e/sandbox runs the same tests.
 */
@Tag("cluster")
class ServerContractTest {
  private static ControlPlane controlPlane;
  private static ServerUnderTest server;

  @BeforeAll
  static void starts() throws Exception {
    controlPlane = ControlPlane.start("contract");
    var kubeconfig = Files.readString(controlPlane.kubeconfig());
    server = new ServerUnderTest(kubeconfig, ServerContractTest::compact);
  }

  @AfterAll
  static void ends() throws Exception {
    controlPlane.close();
  }

  /** Through the gateway that etcd has for those who do not speak gRPC. */
  private static void compact(long revision) throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create(controlPlane.etcdUrl() + "/v3/kv/compaction"))
              .POST(
                  HttpRequest.BodyPublishers.ofString("{\"revision\":\"%d\"}".formatted(revision)))
              .build();
      var response = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IOException("etcd does not compact: " + response.body());
      }
    }
  }

  @Nested
  class Create extends CreateContract {
    Create() {
      super(server);
    }
  }

  @Nested
  class Update extends UpdateContract {
    Update() {
      super(server);
    }
  }

  @Nested
  class Delete extends DeleteContract {
    Delete() {
      super(server);
    }
  }

  @Nested
  class Lists extends ListContract {
    Lists() {
      super(server);
    }
  }

  @Nested
  class Watch extends WatchContract {
    Watch() {
      super(server);
    }
  }
}
