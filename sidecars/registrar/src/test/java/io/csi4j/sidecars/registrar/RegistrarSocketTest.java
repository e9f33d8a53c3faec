package io.csi4j.sidecars.registrar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.csi4j.sidecars.kit.component.Component.Fatal;
import io.csi4j.sidecars.kit.csi.SocketFile;
import io.csi4j.sidecars.kit.metrics.Metrics;
import io.csi4j.sidecars.registrar.RegistrationSocket.Sight;
import io.grpc.BindableService;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scenarios of registrar.md 12 about the socket's file. */
class RegistrarSocketTest {
  @TempDir Path folder;

  private RegistrarStage stage;

  @BeforeEach
  void setsTheStage() throws IOException {
    stage = new RegistrarStage(folder);
  }

  @AfterEach
  void clearsTheStage() {
    stage.close();
  }

  /** Scenario 22. */
  @Test
  void given_the_file_or_its_folder_is_gone_then_closing_succeeds() throws IOException {
    var registry = Files.createDirectory(folder.resolve("registry"));
    var socket = open(registry.resolve("x-reg.sock"));
    Files.delete(socket.path());
    assertThat(socket.look()).isEqualTo(Sight.MISSING);

    Files.delete(registry);

    assertThatCode(socket::close).doesNotThrowAnyException();
  }

  /** Scenario 23. */
  @Test
  void given_a_socket_then_closing_removes_it() {
    var socket = open(stage.socket());
    assertThat(socket.look()).isEqualTo(Sight.OURS);

    socket.close();

    assertThat(stage.socket()).doesNotExist();
  }

  /** Scenario 24: a path of which nobody can tell what is there. */
  @Test
  void given_a_registry_that_cannot_be_looked_at_then_it_ends_with_the_path() throws IOException {
    var loop = folder.resolve("loop");
    Files.createSymbolicLink(loop, loop);
    try (var registrar = stage.start("--plugin-registration-path=" + loop)) {

      assertThatThrownBy(registrar::awaitEnd)
          .isInstanceOf(Fatal.class)
          .hasMessageContaining(loop.toString());
    }
  }

  /** Scenario 24, the other kind: a link to nowhere is no socket, and not ours to replace. */
  @Test
  void given_a_dangling_link_at_the_path_then_it_is_left_alone() throws IOException {
    Files.createSymbolicLink(stage.socket(), folder.resolve("nowhere"));
    try (var registrar = stage.start()) {

      assertThatThrownBy(registrar::awaitEnd)
          .isInstanceOf(Fatal.class)
          .hasMessageContaining("not a socket");
      assertThat(Files.isSymbolicLink(stage.socket())).isTrue();
    }
  }

  /** Scenario 41. */
  @Test
  void given_a_name_too_long_for_a_socket_then_the_limit_is_named() {
    stage.identity.name = "d".repeat(120);
    try (var registrar = stage.start()) {

      assertThatThrownBy(registrar::awaitEnd)
          .isInstanceOf(Fatal.class)
          .hasMessageContaining("-reg.sock: must be a path of at most 107 bytes");
    }
  }

  /** The other side of scenario 41: binding under a hidden name costs no character. */
  @Test
  void given_the_longest_path_then_it_is_bound() {
    var missing = 107 - folder.toString().length() - "/-reg.sock".length();
    stage.identity.name = "d".repeat(missing);
    try (var _ = stage.start()) {

      await().until(() -> Files.exists(folder.resolve("d".repeat(missing) + "-reg.sock")));
    }
  }

  /** Scenario 46. */
  @Test
  void given_a_running_registrar_then_other_files_get_the_mode_that_the_process_gives()
      throws Exception {
    var before = mode(Files.createFile(folder.resolve("before")));
    try (var _ = stage.start()) {
      stage.info();

      assertThat(mode(Files.createFile(folder.resolve("after")))).isEqualTo(before);
      assertThat(mode(stage.socket())).isEqualTo("rwx------");
    }
  }

  /** Scenario 38: who came later and died leaves a dead socket; the one that waited takes over. */
  @Test
  void given_anothers_socket_when_it_dies_then_ours_is_made_anew() throws Exception {
    try (var registrar = stage.start(stage.httpFlag())) {
      assertThat(stage.info().getName()).isEqualTo(RegistrarStage.NAME);
      Files.delete(stage.socket());
      try (var other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        other.bind(UnixDomainSocketAddress.of(stage.socket()));
        await().until(() -> stage.get("/readyz").body().startsWith("another process"));
      }

      await().until(() -> stage.get("/healthz").statusCode() == 200);
      assertThat(stage.info().getName()).isEqualTo(RegistrarStage.NAME);
      assertThat(registrar.ended()).isFalse();
    }
  }

  @Test
  void given_an_end_that_keeps_the_socket_then_the_next_registrar_replaces_it() throws Throwable {
    try (var registrar = stage.start("--keep-socket-on-exit")) {
      stage.info();
      registrar.askToEnd();
      registrar.awaitEnd();
    }
    assertThat(stage.socket()).exists();
    assertThat(SocketFile.answers(stage.socket())).isFalse();

    try (var _ = stage.start()) {
      await().until(() -> SocketFile.answers(stage.socket()));
      assertThat(stage.info().getName()).isEqualTo(RegistrarStage.NAME);
    }
    assertThat(stage.socket()).doesNotExist();
  }

  private RegistrationSocket open(Path path) {
    BindableService service =
        new RegistrationService(
            "x",
            "/x",
            new RegistrationStory(stage.time, new RegistrarMetrics(new Metrics(stage.time.now()))));
    return RegistrationSocket.open(path, service, stage.time);
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
