package io.csi4j.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.proto.csi.v1.GetPluginInfoRequest;
import io.csi4j.proto.csi.v1.GetPluginInfoResponse;
import io.csi4j.proto.csi.v1.IdentityGrpc;
import io.csi4j.sidecars.kit.csi.EpollServer;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scenarios of registrar.md 12 about signals and exit codes, with the program as a process. */
class RegistrarProcessTest {
  @TempDir Path folder;

  private EpollServer driver;

  @BeforeEach
  void startsADriver() throws IOException {
    Files.createDirectory(folder.resolve("registry"));
    driver = EpollServer.start(folder.resolve("csi.sock"), new NamedDriver());
  }

  @AfterEach
  void endsTheDriver() {
    driver.close();
  }

  /** Scenario 21: what the program cannot heal ends it with a failure's code. */
  @Test
  void given_no_registry_then_exit_1_and_one_line_that_names_it() throws Exception {
    Files.delete(folder.resolve("registry"));
    try (var registrar = start()) {

      assertThat(registrar.exitCode()).isEqualTo(1);

      assertThat(registrar.output())
          .contains("csi4j registrar: cannot make the registration socket " + socket())
          .doesNotContain("\tat ");
    }
  }

  private Path socket() {
    return folder.resolve("registry").resolve("test.csi4j.io-reg.sock");
  }

  private Program start(String... more) throws IOException {
    var args = new ArrayList<>(List.of("registrar"));
    args.addAll(List.of(more));
    args.add("--csi-address=" + folder.resolve("csi.sock"));
    args.add("--kubelet-registration-path=/var/lib/kubelet/plugins/test/csi.sock");
    args.add("--plugin-registration-path=" + folder.resolve("registry"));
    args.add("--timeout=10s");
    return Program.start(folder.resolve("registrar.log"), args.toArray(String[]::new));
  }

  private static final class NamedDriver extends IdentityGrpc.IdentityImplBase {
    @Override
    public void getPluginInfo(
        GetPluginInfoRequest request, StreamObserver<GetPluginInfoResponse> reply) {
      reply.onNext(GetPluginInfoResponse.newBuilder().setName("test.csi4j.io").build());
      reply.onCompleted();
    }
  }
}
