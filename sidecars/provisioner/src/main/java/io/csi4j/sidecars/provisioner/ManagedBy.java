package io.csi4j.sidecars.provisioner;

import java.nio.charset.StandardCharsets;

/** The label that tells whose capacity objects are whose; at most 63 characters. */
final class ManagedBy {
  private static final String BASE = "external-provisioner";
  private static final int LABEL_MAX = 63;
  private static final int HASH = 8;
  private static final int FNV_OFFSET = (int) 2166136261L;
  private static final int FNV_PRIME = 16777619;

  private ManagedBy() {}

  static String central() {
    return BASE;
  }

  static String node(String node) {
    var full = BASE + "-" + node;
    if (full.length() <= LABEL_MAX) {
      return full;
    }
    var room = LABEL_MAX - HASH - 2 - node.length();
    return room > 0
        ? BASE.substring(0, Math.min(room, BASE.length())) + "-" + hash(BASE) + "-" + node
        : BASE.substring(0, Math.min(LABEL_MAX - HASH - 1, BASE.length())) + "-" + hash(full);
  }

  /** FNV-1a of 32 bits. */
  private static String hash(String text) {
    var hash = FNV_OFFSET;
    for (var octet : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (octet & 0xFF)) * FNV_PRIME;
    }
    return "%08x".formatted(hash);
  }
}
