package io.csi4j.deploy.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, as images and package lists name contents by. */
record Digest(String hex) {

  static MessageDigest counter() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static Digest of(MessageDigest counter) {
    return new Digest(HexFormat.of().formatHex(counter.digest()));
  }

  static Digest of(byte[] bytes) {
    var counter = counter();
    counter.update(bytes);
    return of(counter);
  }

  static Digest of(Path file) throws IOException {
    var counter = counter();
    try (InputStream in = Files.newInputStream(file)) {
      var buffer = new byte[1 << 16];
      for (var count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        counter.update(buffer, 0, count);
      }
    }
    return of(counter);
  }

  @Override
  public String toString() {
    return "sha256:" + hex;
  }
}
