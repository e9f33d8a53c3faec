package io.csi4j.sidecars.kit.events;

import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Names of new events: the object's and the time's; used by one fiber at a time. */
final class EventNames {
  private static final int NAME_MAX = 253;
  private static final Pattern DNS =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final RandomGenerator random;
  private long lastNanos;

  EventNames(RandomGenerator random) {
    this.random = random;
  }

  String name(Involved about, Instant now) {
    // Clocks tick in more than a nanosecond, and two events of one tick must not share a name.
    lastNanos = Math.max(lastNanos + 1, now.getEpochSecond() * NANOS_PER_SECOND + now.getNano());
    var name = about.key().name() + "." + Long.toHexString(lastNanos);
    return name.length() <= NAME_MAX && DNS.matcher(name).matches()
        ? name
        : new UUID(random.nextLong(), random.nextLong()).toString();
  }
}
