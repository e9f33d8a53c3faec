package io.csi4j.sidecars.kit.csi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.csi4j.sidecars.kit.csi.SocketFile.Kind;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketFileTest {
  @TempDir Path folder;

  @Test
  void given_files_then_each_is_what_it_is() throws IOException {
    var socket = folder.resolve("socket");
    var link = folder.resolve("link");
    try (var _ = listenAt(socket)) {
      Files.createSymbolicLink(link, socket);

      assertThat(SocketFile.at(socket).kind()).isEqualTo(Kind.SOCKET);
      assertThat(SocketFile.at(link).kind()).isEqualTo(Kind.NO_SOCKET);
      assertThat(SocketFile.at(folder).kind()).isEqualTo(Kind.NO_SOCKET);
      assertThat(SocketFile.at(folder.resolve("none")).kind()).isEqualTo(Kind.MISSING);
    }
  }

  @Test
  void given_a_path_that_cannot_be_followed_then_it_fails() throws IOException {
    var loop = folder.resolve("loop");
    Files.createSymbolicLink(loop, loop);

    assertThatThrownBy(() -> SocketFile.at(loop.resolve("socket"))).isInstanceOf(IOException.class);
  }

  @Test
  void given_a_renamed_socket_then_it_is_the_same_file() throws IOException {
    try (var _ = listenAt(folder.resolve("before"))) {
      var before = SocketFile.at(folder.resolve("before"));
      Files.move(folder.resolve("before"), folder.resolve("after"));
      var after = SocketFile.at(folder.resolve("after"));

      assertThat(after.sameFile(before)).isTrue();
      assertThat(SocketFile.at(folder.resolve("none")).sameFile(before)).isFalse();
      assertThat(SocketFile.at(folder.resolve("none")))
          .isEqualTo(SocketFile.at(folder.resolve("none2")));
    }
  }

  @Test
  void given_a_listener_that_goes_away_then_nobody_answers() throws IOException {
    var socket = folder.resolve("socket");
    try (var _ = listenAt(socket)) {
      assertThat(SocketFile.answers(socket)).isTrue();
    }

    assertThat(socket).exists();
    assertThat(SocketFile.answers(socket)).isFalse();
    assertThat(SocketFile.answers(folder.resolve("none"))).isFalse();
  }

  /** A stopped process with a full queue is there, and a look at it must not hang. */
  @Test
  void given_a_listener_that_does_not_accept_then_it_counts_as_there() throws IOException {
    var socket = folder.resolve("socket");
    try (var _ = listenAt(socket)) {
      for (var i = 0; i < 10; i++) {
        assertThat(SocketFile.answers(socket)).isTrue();
      }
    }
  }

  private static ServerSocketChannel listenAt(Path socket) throws IOException {
    return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(socket), 1);
  }
}
