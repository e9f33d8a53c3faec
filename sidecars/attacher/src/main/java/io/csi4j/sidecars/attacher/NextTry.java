package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.queue.BackOff;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * When an attachment that has failed is tried again, as far as its status tells. Pure.
 *
 * <p>Pauses double, so one that follows is never longer than all before it and the first one
 * together: from the first attempt, which is not before the attachment was asked for, to the last
 * failure. A restart of the attacher makes it shorter, not longer.
 */
record NextTry(Instant by) {

  /** Empty where nothing has failed. */
  static Optional<NextTry> of(Attachment attachment, AttachmentPast past, BackOff backOff) {
    if (attachment.attached() && !attachment.meta().deleting()) {
      return Optional.empty();
    }
    var error = attachment.meta().deleting() ? past.detachError() : past.attachError();
    try {
      var failed = Instant.parse(error.getOrDefault("time", ""));
      var trying = Duration.between(Instant.parse(past.created()), failed);
      var pause = trying.isNegative() ? backOff.start() : trying.plus(backOff.start());
      return Optional.of(
          new NextTry(failed.plus(pause.compareTo(backOff.max()) < 0 ? pause : backOff.max())));
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }

  String words(Instant now) {
    return now.isBefore(by)
        ? "by %s, or at once when volume, node or attachment change".formatted(by)
        : "due since %s: it is being tried now, or no attacher runs".formatted(by);
  }
}
