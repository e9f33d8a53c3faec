package io.csi4j.e2e.cluster;

import io.csi4j.e2e.sandbox.contract.AccessContract;
import io.csi4j.e2e.sandbox.contract.ClaimContract;
import io.csi4j.e2e.sandbox.contract.CreateContract;
import io.csi4j.e2e.sandbox.contract.DefinitionContract;
import io.csi4j.e2e.sandbox.contract.DeleteContract;
import io.csi4j.e2e.sandbox.contract.EventContract;
import io.csi4j.e2e.sandbox.contract.ListContract;
import io.csi4j.e2e.sandbox.contract.PatchContract;
import io.csi4j.e2e.sandbox.contract.PodContract;
import io.csi4j.e2e.sandbox.contract.PutContract;
import io.csi4j.e2e.sandbox.contract.ServerUnderTest;
import io.csi4j.e2e.sandbox.contract.StatusContract;
import io.csi4j.e2e.sandbox.contract.StorageKindContract;
import io.csi4j.e2e.sandbox.contract.VolumeContract;
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
    server = new ServerUnderTest(kubeconfig, ServerContractTest::forget);
  }

  @AfterAll
  static void ends() throws Exception {
    controlPlane.close();
  }

  /** The API server has its own memory of what etcd has forgotten, until it starts anew. */
  private static void forget(long revision) throws IOException, InterruptedException {
    compact(revision);
    controlPlane.killApiServer();
    controlPlane.bringBack();
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
  class Creates extends CreateContract {
    Creates() {
      super(server);
    }
  }

  @Nested
  class Puts extends PutContract {
    Puts() {
      super(server);
    }
  }

  @Nested
  class Patches extends PatchContract {
    Patches() {
      super(server);
    }
  }

  @Nested
  class Statuses extends StatusContract {
    Statuses() {
      super(server);
    }
  }

  @Nested
  class Deletes extends DeleteContract {
    Deletes() {
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
  class Watches extends WatchContract {
    Watches() {
      super(server);
    }
  }

  @Nested
  class StorageKinds extends StorageKindContract {
    StorageKinds() {
      super(server);
    }
  }

  @Nested
  class Claims extends ClaimContract {
    Claims() {
      super(server);
    }
  }

  @Nested
  class Volumes extends VolumeContract {
    Volumes() {
      super(server);
    }
  }

  @Nested
  class Pods extends PodContract {
    Pods() {
      super(server);
    }
  }

  @Nested
  class Events extends EventContract {
    Events() {
      super(server);
    }
  }

  @Nested
  class Access extends AccessContract {
    Access() {
      super(server);
    }
  }

  @Nested
  class Definitions extends DefinitionContract {
    Definitions() {
      super(server);
    }
  }
}
