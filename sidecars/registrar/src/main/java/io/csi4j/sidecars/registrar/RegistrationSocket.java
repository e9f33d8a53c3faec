package io.csi4j.sidecars.registrar;

import io.csi4j.sidecars.kit.component.Component.Fatal;
import io.csi4j.sidecars.kit.csi.EpollServer;
import io.csi4j.sidecars.kit.csi.SocketAddress;
import io.csi4j.sidecars.kit.csi.SocketFile;
import io.csi4j.sidecars.kit.doors.Time;
import io.grpc.BindableService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The socket that kubelet finds in its plugin registry. It is bound under a name that kubelet's
 * watcher skips, given its mode, and only then renamed into place, so that kubelet never sees a
 * socket that does not answer or that anybody may open. What is ours is known by inode: another
 * registrar's socket on the same path is not removed.
 */
final class RegistrationSocket implements AutoCloseable {
  private static final String MODE = "rwx------";

  private final Path path;
  private final SocketFile bound;
  private final EpollServer server;

  private RegistrationSocket(Path path, SocketFile bound, EpollServer server) {
    this.path = path;
    this.bound = bound;
    this.server = server;
  }

  /** What is at the path now. */
  enum Sight {
    OURS,
    MISSING,
    /** Another process's, which listens. */
    ANOTHERS,
    /** A socket that nobody listens at. */
    DEAD,
    NO_SOCKET
  }

  /** Replaces whatever socket is at the path. */
  static RegistrationSocket open(Path path, BindableService service, Time time) {
    var registry = path.resolveSibling(".");
    var prefix = hiddenPrefix(path);
    var hidden = path.resolveSibling(prefix + "%04x".formatted(time.random().nextInt(1 << 16)));
    try {
      if (SocketFile.at(path).kind() == SocketFile.Kind.NO_SOCKET) {
        throw new Fatal("file exists in socketpath %s but it's not a socket".formatted(path));
      }
      removeLeftovers(registry, prefix);
      SocketAddress.parse(path.toString());
      SocketAddress.parse(hidden.toString());
      var server = EpollServer.start(hidden, service);
      Files.setPosixFilePermissions(hidden, PosixFilePermissions.fromString(MODE));
      var bound = SocketFile.at(hidden);
      Files.move(hidden, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      return new RegistrationSocket(path, bound, server);
    } catch (IllegalArgumentException e) {
      throw new Fatal("registration socket %s: must be %s".formatted(path, e.getMessage()));
    } catch (IOException e) {
      throw new Fatal("cannot make the registration socket %s: %s".formatted(path, e));
    }
  }

  /**
   * How hidden names of this path begin: never longer than the path's own, so that a path that fits
   * stays one that fits.
   */
  static String hiddenPrefix(Path path) {
    return ".%08x.".formatted(path.getFileName().toString().hashCode());
  }

  Path path() {
    return path;
  }

  Sight look() {
    try {
      var seen = SocketFile.at(path);
      return switch (seen.kind()) {
        case MISSING -> Sight.MISSING;
        case NO_SOCKET -> Sight.NO_SOCKET;
        case SOCKET -> {
          if (seen.sameFile(bound)) {
            yield Sight.OURS;
          }
          yield SocketFile.answers(path) ? Sight.ANOTHERS : Sight.DEAD;
        }
      };
    } catch (IOException e) {
      throw new Fatal("cannot look at %s: %s".formatted(path, e));
    }
  }

  /** Stops serving, once calls in flight have ended, and leaves the file. */
  void leave() {
    server.close();
  }

  /** Removes the file, only if it is still ours, and lets calls in flight end. */
  @Override
  public void close() {
    try {
      if (look() == Sight.OURS) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new Fatal("cannot remove the registration socket %s: %s".formatted(path, e));
    } finally {
      server.close();
    }
  }

  /** Hidden sockets that a killed registrar of this driver has left. */
  private static void removeLeftovers(Path registry, String prefix) throws IOException {
    if (!Files.isDirectory(registry)) {
      return;
    }
    try (var files = Files.newDirectoryStream(registry, prefix + "*")) {
      for (var file : files) {
        if (!SocketFile.answers(file)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}
