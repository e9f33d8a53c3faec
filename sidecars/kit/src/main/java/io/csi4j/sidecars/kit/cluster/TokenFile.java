package io.csi4j.sidecars.kit.cluster;

import io.fabric8.kubernetes.client.OAuthTokenProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bearer token in a file that somebody else keeps fresh: kubelet for a pod, or a tool beside us.
 * Looked at for every request, which costs one stat, and read again when it is another file or
 * another version of it; so no request goes out with a token that has been replaced.
 */
final class TokenFile implements OAuthTokenProvider {
  private static final Logger log = LoggerFactory.getLogger(TokenFile.class);

  private final Path file;
  private Version read = Version.NONE;
  private String token = "";

  TokenFile(Path file) {
    this.file = file;
  }

  @Override
  public synchronized String getToken() {
    try {
      var now = Version.of(file);
      if (!now.equals(read)) {
        token = Files.readString(file).strip();
        read = now;
      }
    } catch (IOException e) {
      // The old one may still be good; the server will say so where it is not.
      log.atWarn().addKeyValue("file", file).addKeyValue("reason", e).log("token not readable");
    }
    return token;
  }

  private record Version(@Nullable Object inode, FileTime changed, long size) {
    static final Version NONE = new Version(null, FileTime.fromMillis(0), -1);

    static Version of(Path file) throws IOException {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new Version(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
    }
  }
}
