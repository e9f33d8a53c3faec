package io.csi4j.driver.framework.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** driver.md 1: the socket. */
class SocketFileTest {
  @TempDir private Path folder;

  @Test
  void given_a_new_place_then_the_socket_is_the_only_file_and_not_for_everybody()
      throws IOException {
    var path = folder.resolve("new/csi.sock");
    var file = new SocketFile(path, SocketAccess.DEFAULT);

    try (var _ = bind(file)) {
      assertThat(path.getParent())
          .isDirectoryContaining(path::equals)
          .isDirectoryNotContaining(other -> !other.equals(path));
      assertThat(Files.getPosixFilePermissions(path))
          .isEqualTo(PosixFilePermissions.fromString("rw-rw----"));
    }
  }

  /** So that a controller's pod, which is not root, can reach it. */
  @Test
  void given_a_mode_and_a_group_then_the_socket_has_them() throws IOException {
    var path = folder.resolve("csi.sock");
    var group = (Integer) Files.getAttribute(folder, "unix:gid");
    var access = SocketAccess.parse("0606", OptionalInt.of(group));

    try (var _ = bind(new SocketFile(path, access))) {
      assertThat(Files.getPosixFilePermissions(path))
          .isEqualTo(PosixFilePermissions.fromString("rw----rw-"));
      assertThat(Files.getAttribute(path, "unix:gid")).isEqualTo(group);
    }
  }

  @Test
  void given_a_mode_that_is_none_then_it_says_what_is() {
    assertThatThrownBy(() -> SocketAccess.parse("rw", OptionalInt.empty()))
        .hasMessage("three octal digits, such as 0660, not rw");
    assertThatThrownBy(() -> SocketAccess.parse("4755", OptionalInt.empty()))
        .hasMessageContaining("three octal digits");
    assertThat(SocketAccess.parse("660", OptionalInt.empty())).isEqualTo(SocketAccess.DEFAULT);
  }

  @Test
  void given_a_stale_socket_then_it_is_replaced() throws IOException {
    var path = folder.resolve("csi.sock");
    bind(new SocketFile(path, SocketAccess.DEFAULT)).close();
    assertThat(path).exists();

    try (var _ = bind(new SocketFile(path, SocketAccess.DEFAULT))) {
      assertThat(path).exists();
    }
  }

  @Test
  void given_a_socket_that_somebody_serves_then_it_is_left_alone() throws IOException {
    var path = folder.resolve("csi.sock");

    try (var _ = bind(new SocketFile(path, SocketAccess.DEFAULT))) {
      assertThatThrownBy(() -> new SocketFile(path, SocketAccess.DEFAULT).prepare())
          .hasMessage("another process listens at " + path);
    }
  }

  @Test
  void given_a_file_that_is_no_socket_then_it_is_left_alone() throws IOException {
    var path = Files.writeString(folder.resolve("csi.sock"), "mine");

    assertThatThrownBy(() -> new SocketFile(path, SocketAccess.DEFAULT).prepare())
        .hasMessageContaining("is no socket");
    assertThat(path).hasContent("mine");
  }

  @Test
  void given_a_path_that_the_kernel_cannot_hold_then_it_says_so() {
    var path = folder.resolve("x".repeat(110));

    assertThatThrownBy(() -> new SocketFile(path, SocketAccess.DEFAULT).prepare())
        .hasMessageContaining("too long");
  }

  @Test
  void given_a_successor_at_the_same_path_when_removed_then_the_successors_socket_stays()
      throws IOException {
    var path = folder.resolve("csi.sock");
    var old = new SocketFile(path, SocketAccess.DEFAULT);
    bind(old).close();
    try (var _ = bind(new SocketFile(path, SocketAccess.DEFAULT))) {

      old.remove();

      assertThat(path).exists();
    }
  }

  @Test
  void given_our_own_socket_when_removed_then_it_is_gone() throws IOException {
    var path = folder.resolve("csi.sock");
    var file = new SocketFile(path, SocketAccess.DEFAULT);
    bind(file).close();

    file.remove();

    assertThat(path).doesNotExist();
  }

  private static ServerSocketChannel bind(SocketFile file) throws IOException {
    var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    channel.bind(UnixDomainSocketAddress.of(file.prepare()));
    file.reveal();
    return channel;
  }
}
