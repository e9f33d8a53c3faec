package io.csi4j.deploy.image;

import io.csi4j.deploy.image.Tree.Node;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Locale;

/**
 * Writes a tree as a tar file of POSIX ustar, in which nothing depends on when, where or by whom it
 * was made.
 */
final class TarStream {
  private static final int BLOCK = 512;
  private static final int NAME_MAX = 100;
  private static final int PREFIX_MAX = 155;

  /** Where a header's own sum is; it counts as spaces while it is formed. */
  private static final int SUM_AT = 148;

  private static final int SUM_LENGTH = 8;

  private final OutputStream out;
  private final long modifiedS;

  private TarStream(OutputStream out, long modifiedS) {
    this.out = out;
    this.modifiedS = modifiedS;
  }

  static void write(Tree tree, long modifiedS, OutputStream out) throws IOException {
    var tar = new TarStream(out, modifiedS);
    for (var entry : tree.nodes().entrySet()) {
      tar.add(entry.getKey(), entry.getValue());
    }
    out.write(new byte[2 * BLOCK]);
  }

  private void add(String path, Node node) throws IOException {
    switch (node) {
      case Node.Folder folder -> header(path + "/", folder.mode(), 0, '5', "");
      case Node.Link link -> header(path, link.mode(), 0, '2', link.target());
      case Node.Text text -> {
        var bytes = text.text().getBytes(StandardCharsets.UTF_8);
        header(path, text.mode(), bytes.length, '0', "");
        out.write(bytes);
        pad(bytes.length);
      }
      case Node.Copy copy -> {
        var sizeBytes = Files.size(copy.source());
        header(path, copy.mode(), sizeBytes, '0', "");
        var copied = Files.copy(copy.source(), out);
        if (copied != sizeBytes) {
          throw new IOException("%s changed while it was read".formatted(copy.source()));
        }
        pad(sizeBytes);
      }
    }
  }

  private void header(String path, int mode, long sizeBytes, char type, String target)
      throws IOException {
    var block = new byte[BLOCK];
    var cut = split(path);
    text(block, 0, NAME_MAX, path.substring(cut));
    octal(block, 100, 8, mode);
    octal(block, 108, 8, 0);
    octal(block, 116, 8, 0);
    octal(block, 124, 12, sizeBytes);
    octal(block, 136, 12, modifiedS);
    block[156] = (byte) type;
    text(block, 157, NAME_MAX, target);
    text(block, 257, 8, "ustar\00000");
    text(block, 345, PREFIX_MAX, cut == 0 ? "" : path.substring(0, cut - 1));
    Arrays.fill(block, SUM_AT, SUM_AT + SUM_LENGTH, (byte) ' ');
    var sum = 0;
    for (var each : block) {
      sum += each & 0xff;
    }
    octal(block, SUM_AT, SUM_LENGTH - 1, sum);
    out.write(block);
  }

  /** Where the name begins; what is before it goes into the header's prefix. */
  private static int split(String path) throws IOException {
    if (path.length() <= NAME_MAX) {
      return 0;
    }
    var slash = path.indexOf('/', path.length() - NAME_MAX - 1);
    if (slash < 0 || slash == path.length() - 1 || slash > PREFIX_MAX) {
      throw new IOException("too long a path for a tar file: " + path);
    }
    return slash + 1;
  }

  private static void text(byte[] block, int at, int length, String text) throws IOException {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > length) {
      throw new IOException("too long for a tar file's header: " + text);
    }
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }

  private static void octal(byte[] block, int at, int length, long value) throws IOException {
    text(block, at, length, String.format(Locale.ROOT, "%0" + (length - 1) + "o", value));
  }

  private void pad(long sizeBytes) throws IOException {
    out.write(new byte[(int) ((BLOCK - sizeBytes % BLOCK) % BLOCK)]);
  }
}
