package io.csi4j.sidecars.kit.csi;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/**
 * What is at a socket's path at one moment. Two that are equal have not been touched in between; a
 * socket that was renamed is still the {@link #sameFile}.
 *
 * @param changed when name, mode or owner last changed: a new socket may get its predecessor's
 *     inode
 */
public record SocketFile(Kind kind, long device, long inode, FileTime changed) {
  private static final int TYPE_MASK = 0170000;
  private static final int TYPE_SOCKET = 0140000;

  /** What is seen where there is nothing. */
  public static final SocketFile NOTHING =
      new SocketFile(Kind.MISSING, 0, 0, FileTime.fromMillis(0));

  /** The kinds that matter to who serves or dials a socket. */
  public enum Kind {
    SOCKET,
    NO_SOCKET,
    MISSING
  }

  /** Looks, and follows no link; fails where there is no telling what is there. */
  public static SocketFile at(Path path) throws IOException {
    try {
      var seen = Files.readAttributes(path, "unix:mode,dev,ino,ctime", LinkOption.NOFOLLOW_LINKS);
      return new SocketFile(
          ((Integer) seen.getOrDefault("mode", 0) & TYPE_MASK) == TYPE_SOCKET
              ? Kind.SOCKET
              : Kind.NO_SOCKET,
          (Long) seen.getOrDefault("dev", 0L),
          (Long) seen.getOrDefault("ino", 0L),
          (FileTime) seen.getOrDefault("ctime", NOTHING.changed));
    } catch (NoSuchFileException _) {
      return NOTHING;
    }
  }

  /**
   * Whether somebody listens at the path. Who listens and is too busy to answer counts; nothing is
   * waited for.
   */
  public static boolean answers(Path path) {
    try (var dialled = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      dialled.configureBlocking(false);
      var unused = dialled.connect(UnixDomainSocketAddress.of(path));
      return true;
    } catch (ConnectException _) {
      return false; // Refused.
    } catch (IOException _) {
      return Files.exists(path, LinkOption.NOFOLLOW_LINKS); // A full queue has somebody behind it.
    }
  }

  /** The same file, whatever it is called by now. */
  public boolean sameFile(SocketFile other) {
    return kind == other.kind
        && kind != Kind.MISSING
        && device == other.device
        && inode == other.inode;
  }
}
