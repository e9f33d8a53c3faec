package io.csi4j.driver.framework.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.csi4j.driver.framework.syscall.FileIdentity;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * The file that a Unix socket is found by.
 *
 * <p>The server binds to a hidden name beside it, gets its permissions there, and is then renamed
 * into place. So nobody ever sees it with the wrong permissions, a stale file of a killed
 * predecessor is replaced in one step, and the file is ours to remove: netty would delete whatever
 * has the name when it closes, also the socket of a successor that has started meanwhile.
 */
final class SocketFile {
  /** What the kernel allows, less the zero at the end. */
  private static final int PATH_BYTES_MAX = 107;

  private final Path path;
  private final SocketAccess access;
  private Optional<FileIdentity> identity = Optional.empty();

  SocketFile(Path path, SocketAccess access) {
    this.path = path;
    this.access = access;
  }

  /** Where to bind. Fails when somebody answers at the real name. */
  Path prepare() throws IOException {
    var hidden = hidden();
    if (hidden.toString().getBytes(UTF_8).length > PATH_BYTES_MAX) {
      throw new IOException(
          "socket path %s is too long: at most %d bytes".formatted(path, PATH_BYTES_MAX - 1));
    }
    Files.createDirectories(path.getParent());
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      refuseIfUsed();
    }
    Files.deleteIfExists(hidden);
    return hidden;
  }

  /** Puts the bound socket in its place. */
  void reveal() throws IOException {
    // The group first: another one must not get, not even for a moment, what its successor may do.
    if (access.gid().isPresent()) {
      Files.setAttribute(hidden(), "unix:gid", access.gid().getAsInt());
    }
    Files.setAttribute(hidden(), "unix:mode", access.mode());
    identity = FileIdentity.of(hidden());
    Files.move(hidden(), path, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Removes the file if it is still ours. */
  void remove() throws IOException {
    if (identity.isPresent() && identity.equals(FileIdentity.of(path))) {
      Files.deleteIfExists(path);
    }
  }

  private void refuseIfUsed() throws IOException {
    var mode = Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    if (!(mode instanceof Integer bits && (bits & 0170000) == 0140000)) {
      throw new IOException(path + " exists and is no socket");
    }
    try (var _ = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      throw new IOException("another process listens at " + path);
    } catch (ConnectException _) {
      // Nobody listens: a predecessor was killed. Renaming over it replaces the file.
    }
  }

  private Path hidden() {
    return path.resolveSibling("." + path.getFileName());
  }
}
