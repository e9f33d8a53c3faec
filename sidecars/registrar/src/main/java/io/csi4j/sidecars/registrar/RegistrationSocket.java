package io.csi4j.sidecars.registrar;

import io.csi4j.sidecars.kit.component.Component.Fatal;
import io.csi4j.sidecars.kit.csi.EpollServer;
import io.grpc.BindableService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The socket that kubelet finds in its plugin registry. It is bound under a name that kubelet's
 * watcher skips, given its mode, and only then renamed into place, so that kubelet never sees a
 * socket that does not answer or that anybody may open.
 */
final class RegistrationSocket implements AutoCloseable {
  private static final int TYPE_MASK = 0170000;
  private static final int TYPE_SOCKET = 0140000;
  private static final String MODE = "rwx------";

  private final Path path;
  private final EpollServer server;

  private RegistrationSocket(Path path, EpollServer server) {
    this.path = path;
    this.server = server;
  }

  static RegistrationSocket open(Path registry, String driver, BindableService service) {
    var path = registry.resolve(driver + "-reg.sock");
    var hidden = registry.resolve("." + driver + "-reg.sock.new");
    refuseWhatIsNoSocket(path);
    try {
      Files.deleteIfExists(hidden);
      var server = EpollServer.start(hidden, service);
      Files.setPosixFilePermissions(hidden, PosixFilePermissions.fromString(MODE));
      Files.move(hidden, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      return new RegistrationSocket(path, server);
    } catch (IOException e) {
      throw new Fatal("cannot make the registration socket %s: %s".formatted(path, e));
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new Fatal("cannot remove the registration socket %s: %s".formatted(path, e));
    } finally {
      server.close();
    }
  }

  private static void refuseWhatIsNoSocket(Path path) {
    try {
      var attributes = Files.readAttributes(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
      var mode = (Integer) attributes.getOrDefault("mode", 0);
      if ((mode & TYPE_MASK) != TYPE_SOCKET) {
        throw new Fatal("file exists in socketpath %s but it's not a socket".formatted(path));
      }
    } catch (NoSuchFileException _) {
      // Nothing is there, as it should be.
    } catch (IOException e) {
      throw new Fatal("cannot look at %s: %s".formatted(path, e));
    }
  }
}
