package io.csi4j.deploy.image;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * A layer as a compressed file.
 *
 * @param name what it is for
 * @param diffId the digest of the tar file
 * @param blob the digest of the compressed file
 */
record Layer(String name, Path file, Digest diffId, Digest blob, long tarBytes, long blobBytes) {

  static Layer pack(String name, Tree tree, long modifiedS, Path file) throws IOException {
    var diffId = Digest.counter();
    var blob = Digest.counter();
    long tarBytes;
    try (var out =
            new DigestOutputStream(new BufferedOutputStream(Files.newOutputStream(file)), blob);
        var zip = new DenseGzip(out);
        var counted = new Counted(new DigestOutputStream(zip, diffId))) {
      TarStream.write(tree, modifiedS, counted);
      tarBytes = counted.bytes;
    }
    return new Layer(name, file, Digest.of(diffId), Digest.of(blob), tarBytes, Files.size(file));
  }

  /** Images are packed once and pulled often. */
  private static final class DenseGzip extends GZIPOutputStream {
    DenseGzip(OutputStream out) throws IOException {
      super(out, 1 << 16);
      def.setLevel(Deflater.BEST_COMPRESSION);
    }
  }

  private static final class Counted extends FilterOutputStream {
    private long bytes;

    Counted(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int value) throws IOException {
      out.write(value);
      bytes++;
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
      out.write(buffer, offset, length);
      bytes += length;
    }
  }
}
