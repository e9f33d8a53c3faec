package io.csi4j.sidecars.kit.cluster;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Remembers some texts that came of late, so that the next one that is equal need not be kept as
 * well. Unlike {@link String#intern} it forgets: many texts are like no other.
 */
final class RecentTexts {
  private static final int SLOTS = 1024;

  /** Each text has one slot; who comes last has it. */
  private final AtomicReferenceArray<String> slots = new AtomicReferenceArray<>(SLOTS);

  String shared(String text) {
    var slot = text.hashCode() & (SLOTS - 1);
    var known = slots.getPlain(slot);
    if (text.equals(known)) {
      return known;
    }
    slots.setPlain(slot, text);
    return text;
  }
}
