package io.csi4j.sidecars.provisioner;

import java.nio.charset.StandardCharsets;

/**
 * Where the round of places begins for a claim, so that the claims of a StatefulSet are spread:
 * their names end in a number, and claims of one pod begin at the same place whatever the volume is
 * called.
 */
final class StatefulSpread {
  private static final int FNV_OFFSET = (int) 2166136261L;
  private static final int FNV_PRIME = 16777619;
  private static final long UNSIGNED_INT_MAX = 0xFFFFFFFFL;

  private StatefulSpread() {}

  static int startOf(String claimName, int places) {
    var dash = claimName.lastIndexOf('-');
    var tail = claimName.substring(dash + 1);
    var head = dash < 0 ? "" : claimName.substring(0, dash);
    var base = claimName;
    var index = 0L;
    if (dash >= 0 && tail.matches("\\d{1,10}") && Long.parseLong(tail) <= UNSIGNED_INT_MAX) {
      index = Long.parseLong(tail);
      base = head.substring(head.lastIndexOf('-') + 1);
    }
    var start = (hash(base) + (int) index) & UNSIGNED_INT_MAX;
    return (int) (start % places);
  }

  /** FNV-1 of 32 bits. */
  static int hash(String text) {
    var hash = FNV_OFFSET;
    for (var octet : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash * FNV_PRIME) ^ (octet & 0xFF);
    }
    return hash;
  }
}
