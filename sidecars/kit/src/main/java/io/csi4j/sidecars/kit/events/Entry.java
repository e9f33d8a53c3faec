package io.csi4j.sidecars.kit.events;

import java.time.Instant;

/** An event as it is, or is to be, stored: counted, between two times, under a name. */
record Entry(Event event, String name, int count, Instant first, Instant last) {

  boolean isNew() {
    return count == 1;
  }
}
