package io.csi4j.sidecars.kit.lease;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * What a Lease says. Times are kept as the text that was read: nothing is decided by them, and an
 * unreadable one must not stop an election.
 *
 * @param holder empty where nobody holds it
 * @param transitions how often it has gone from one holder to another
 */
record LeaseRecord(
    String holder, long durationSeconds, String acquireTime, String renewTime, long transitions) {

  /** Go's clients read micro-seconds with exactly six digits. */
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  /** Go leaves a duration of one second behind when it gives a lease back. */
  private static final Duration RELEASED = Duration.ofSeconds(1);

  static LeaseRecord acquired(String holder, Duration duration, Instant now, long transitions) {
    var text = MICROS.format(now);
    return new LeaseRecord(holder, duration.toSeconds(), text, text, transitions);
  }

  /** The same holder, a while later. */
  LeaseRecord renewed(Duration duration, Instant now) {
    return new LeaseRecord(
        holder, duration.toSeconds(), acquireTime, MICROS.format(now), transitions);
  }

  /** Held by nobody: the next candidate takes it at once. */
  LeaseRecord released(Instant now) {
    return acquired("", RELEASED, now, transitions);
  }

  Duration duration() {
    return Duration.ofSeconds(durationSeconds);
  }

  static LeaseRecord read(JsonNode spec) {
    return new LeaseRecord(
        spec.path("holderIdentity").asText(""),
        spec.path("leaseDurationSeconds").asLong(0),
        spec.path("acquireTime").asText(""),
        spec.path("renewTime").asText(""),
        spec.path("leaseTransitions").asLong(0));
  }

  void writeTo(ObjectNode spec) {
    spec.put("holderIdentity", holder)
        .put("leaseDurationSeconds", durationSeconds)
        .put("acquireTime", acquireTime)
        .put("renewTime", renewTime)
        .put("leaseTransitions", transitions);
    if (acquireTime.isEmpty()) {
      spec.remove("acquireTime");
    }
  }
}
