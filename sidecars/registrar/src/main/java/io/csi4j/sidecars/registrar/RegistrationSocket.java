package io.csi4j.sidecars.registrar;

import io.csi4j.sidecars.kit.component.Component.Fatal;
import io.csi4j.sidecars.kit.csi.EpollServer;
import io.csi4j.sidecars.kit.csi.SocketAddress;
import io.csi4j.sidecars.kit.doors.Time;
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
 * socket that does not answer or that anybody may open. What is ours is known by inode: another
 * registrar's socket on the same path is not removed.
 */
final class RegistrationSocket implements AutoCloseable {
  private static final int TYPE_MASK = 0170000;
  private static final int TYPE_SOCKET = 0140000;
  private static final String MODE = "rwx------";

  private final Path path;
  private final Identity identity;
  private final EpollServer server;

  private RegistrationSocket(Path path, Identity identity, EpollServer server) {
    this.path = path;
    this.identity = identity;
    this.server = server;
  }

  /** What is at the path now. */
  enum Sight {
    OURS,
    MISSING,
    ANOTHER_SOCKET,
    NO_SOCKET
  }

  static RegistrationSocket open(Path registry, String name, BindableService service, Time time) {
    var path = registry.resolve(name);
    var prefix = "." + name + ".";
    var hidden = registry.resolve(prefix + Integer.toHexString(time.random().nextInt()));
    if (look(path).type == Sight.NO_SOCKET) {
      throw new Fatal("file exists in socketpath %s but it's not a socket".formatted(path));
    }
    try {
      removeLeftovers(registry, prefix);
      // The longest name is bound, so that a path that fits stays one that fits.
      SocketAddress.parse(hidden.toString());
      var server = EpollServer.start(hidden, service);
      Files.setPosixFilePermissions(hidden, PosixFilePermissions.fromString(MODE));
      var identity = look(hidden).identity;
      Files.move(hidden, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      return new RegistrationSocket(path, identity, server);
    } catch (IllegalArgumentException e) {
      throw new Fatal("registration socket %s: must be %s".formatted(path, e.getMessage()));
    } catch (IOException e) {
      throw new Fatal("cannot make the registration socket %s: %s".formatted(path, e));
    }
  }

  Sight look() {
    var seen = look(path);
    return seen.type == Sight.ANOTHER_SOCKET && seen.identity.equals(identity)
        ? Sight.OURS
        : seen.type;
  }

  /** Removes the file only if it is still ours, and lets calls in flight end. */
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

  /** Anybody's socket counts as another's here; only who made it can tell. */
  private static Seen look(Path path) {
    try {
      var attributes = Files.readAttributes(path, "unix:mode,ino,dev", LinkOption.NOFOLLOW_LINKS);
      var mode = (Integer) attributes.getOrDefault("mode", 0);
      var identity =
          new Identity(
              String.valueOf(attributes.get("dev")), String.valueOf(attributes.get("ino")));
      var socket = (mode & TYPE_MASK) == TYPE_SOCKET;
      return new Seen(socket ? Sight.ANOTHER_SOCKET : Sight.NO_SOCKET, identity);
    } catch (NoSuchFileException _) {
      return new Seen(Sight.MISSING, new Identity("", ""));
    } catch (IOException e) {
      throw new Fatal("cannot look at %s: %s".formatted(path, e));
    }
  }

  /** Hidden sockets that a killed registrar of this driver has left. */
  private static void removeLeftovers(Path registry, String prefix) throws IOException {
    if (!Files.isDirectory(registry)) {
      return;
    }
    try (var files = Files.newDirectoryStream(registry, prefix + "*")) {
      for (var file : files) {
        Files.deleteIfExists(file);
      }
    }
  }

  private record Identity(String device, String inode) {}

  private record Seen(Sight type, Identity identity) {}
}
