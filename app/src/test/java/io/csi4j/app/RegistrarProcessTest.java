package io.csi4j.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.sidecars.kit.csi.EpollServer;
import io.csi4j.sidecars.kit.csi.SocketFile;
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
    driver = EpollServer.start(folder.resolve("csi.sock"), new QuietDriver("test.csi4j.io"));
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

  /** Scenarios 13, 14 and 25; upstream does not know SIGINT. */
  @Test
  void given_a_registrar_when_it_is_terminated_then_the_socket_is_gone_and_exit_0()
      throws Exception {
    try (var registrar = start("--connection-timeout=5s")) {
      registrar.awaitOutput("waiting for kubelet");
      assertThat(socket()).exists();
      assertThat(registrar.listeningPorts()).isEmpty();
      assertThat(registrar.output())
          .contains("an option is deprecated and has no effect option=connection-timeout value=5s");

      registrar.terminate();

      assertThat(registrar.exitCode()).isZero();
      assertThat(registryFiles()).isEmpty();
    }
  }

  /** Scenario 26, by Ctrl-C. */
  @Test
  void given_the_socket_is_gone_already_when_it_is_interrupted_then_exit_0() throws Exception {
    try (var registrar = start("--http-endpoint=127.0.0.1:0")) {
      registrar.awaitOutput("waiting for kubelet");
      assertThat(registrar.listeningPorts()).hasSize(1);
      Files.delete(socket());

      registrar.interrupt();

      assertThat(registrar.exitCode()).isZero();
      assertThat(registryFiles()).isEmpty();
    }
  }

  /** Scenario 27, with leftovers of a registrar that was killed before it was done. */
  @Test
  void given_a_registrar_that_was_killed_then_the_next_one_replaces_its_socket() throws Exception {
    try (var killed = start()) {
      killed.awaitOutput("waiting for kubelet");
      killed.kill();
      assertThat(registryFiles()).containsExactly(socket().getFileName().toString());
    }
    assertThat(SocketFile.answers(socket())).isFalse();

    try (var next = start()) {
      next.awaitOutput("waiting for kubelet");

      assertThat(SocketFile.answers(socket())).isTrue();
      assertThat(registryFiles()).hasSize(1);
    }
  }

  private String[] registryFiles() {
    return folder.resolve("registry").toFile().list();
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
}
