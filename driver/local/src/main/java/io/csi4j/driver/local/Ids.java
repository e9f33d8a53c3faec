package io.csi4j.driver.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * IDs of what this node makes: a tag of the node, a dot, and chance. By the tag an instance on
 * another node tells "not mine" from "gone".
 */
final class Ids {
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{10}\\.[0-9a-f-]{36}");
  private static final int TAG_BYTES = 5;
  private static final long VERSION_MASK = 0xf000L;
  private static final long VERSION_4 = 0x4000L;
  private static final long VARIANT_MASK = 0xc000_0000_0000_0000L;
  private static final long VARIANT_IETF = 0x8000_0000_0000_0000L;

  private final String tag;
  private final RandomGenerator random;

  Ids(String nodeId, RandomGenerator random) {
    this.tag = tag(nodeId);
    this.random = random;
  }

  String next() {
    var high = (random.nextLong() & ~VERSION_MASK) | VERSION_4;
    var low = (random.nextLong() & ~VARIANT_MASK) | VARIANT_IETF;
    return tag + "." + new UUID(high, low);
  }

  /** Whether the driver of another node has made this. */
  boolean foreign(String id) {
    return FORM.matcher(id).matches() && !id.startsWith(tag + ".");
  }

  private static String tag(String nodeId) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(nodeId.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest, 0, TAG_BYTES);
    } catch (NoSuchAlgorithmException bug) {
      throw new IllegalStateException(bug); // every Java has it
    }
  }
}
