package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.attacher.AttacherOptions.Working;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.csi.DriverIdentity;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.explain.Explanation;
import io.csi4j.sidecars.kit.metrics.Metrics;
import io.csi4j.sidecars.kit.options.GoDuration;
import io.csi4j.sidecars.kit.reconcile.Reconciler;
import io.csi4j.sidecars.kit.reconcile.Verdict;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What has become of an attachment and what comes next, told by the controller's own code over
 * doors that write nothing.
 */
final class AttachmentStory {
  private final Cluster cluster;
  private final Time time;
  private final Told told;
  private final DriverTraits traits;
  private final AttachmentView view;

  /**
   * By what it is told.
   *
   * @param asked whether the driver itself has said what it can do
   * @param working how the attacher that works on it does so, as far as one knows
   */
  record Told(DriverIdentity driver, boolean asked, Working working) {}

  /** Asks for its tables, which are to be filled before {@link #tell}. */
  AttachmentStory(Cluster cluster, Told told, Time time) {
    this.cluster = cluster;
    this.told = told;
    this.time = time;
    this.traits = DriverTraits.of(told.driver());
    this.view = new AttachmentView(cluster, traits, new Doubts());
  }

  Explanation tell(ObjectKey key) {
    var name = "volumeattachment " + key.name();
    var attachment = view.attachments().get(key);
    if (attachment == null) {
      return new Explanation(
          name, "missing", "missing", "there is no such attachment", List.of(), Map.of());
    }
    var past = cluster.read(AttachmentPast.KIND, key).orElse(AttachmentPast.NONE);
    var seen = new LinkedHashMap<String, String>();
    what(attachment, seen);
    past(attachment, past, seen);
    if (!view.isOurs(attachment)) {
      var why =
          "it is for driver %s, not for %s"
              .formatted(attachment.attacher(), traits.names().driver());
      return new Explanation(name, "not-ours", "other-driver", why, List.of(), seen);
    }
    others(attachment, seen);
    return next(new Subject(name, attachment, past), seen);
  }

  private record Subject(String name, Attachment attachment, AttachmentPast past) {}

  private void what(Attachment attachment, Map<String, String> seen) {
    var volume = attachment.volumeName();
    seen.put("volume", volume == null ? "described in the attachment itself" : volume);
    seen.put("node", attachment.nodeName());
    seen.put("attacher", attachment.attacher());
    var nodeId = attachment.meta().annotations().getOrDefault(AttacherNames.NODE_ID, "");
    if (!nodeId.isEmpty()) {
      seen.put("published to node ID", nodeId);
    }
    if (!told.asked()) {
      seen.put("driver", "not asked, so it is taken to be able to do everything");
    }
  }

  private void past(Attachment attachment, AttachmentPast past, Map<String, String> seen) {
    seen.put("asked for at", past.created());
    seen.put("attached", attached(attachment, past));
    if (!past.deleted().isEmpty()) {
      seen.put("to be detached since", past.deleted());
    }
    error("attach error", past.attachError(), seen);
    error("detach error", past.detachError(), seen);
  }

  private static String attached(Attachment attachment, AttachmentPast past) {
    if (!attachment.attached()) {
      return "no";
    }
    return past.told().isEmpty() ? "yes" : "yes, status last changed at " + past.told();
  }

  private static void error(String what, Map<String, String> error, Map<String, String> seen) {
    if (!error.isEmpty()) {
      seen.put(
          what,
          "%s: %s".formatted(error.getOrDefault("time", "?"), error.getOrDefault("message", "?")));
    }
  }

  private void others(Attachment attachment, Map<String, String> seen) {
    var volume = attachment.volumeName();
    if (volume == null) {
      return;
    }
    view.attachmentsOf(volume).stream()
        .filter(other -> !other.key().equals(attachment.key()))
        .sorted(Comparator.comparing(other -> other.meta().name()))
        .forEach(
            other ->
                seen.put(
                    "volumeattachment " + other.meta().name(),
                    "the same volume %s node %s%s"
                        .formatted(
                            other.attached() ? "is attached to" : "is wanted on",
                            other.nodeName(),
                            other.meta().deleting() ? ", and is being detached" : "")));
  }

  private Explanation next(Subject subject, Map<String, String> seen) {
    var rehearsal = new Rehearsal(cluster);
    Verdict verdict;
    try {
      verdict = reconciler(rehearsal).reconcile(subject.attachment().key());
    } catch (Rehearsal.Ended _) {
      verdict = null;
    } catch (ApiFailure e) {
      verdict = new Verdict.BackOff(String.valueOf(e.getMessage()));
    }
    return explained(subject, verdict, rehearsal.written(), seen);
  }

  /** {@code verdict} is missing where the driver has the next word. */
  private Explanation explained(
      Subject subject, @Nullable Verdict verdict, List<String> steps, Map<String, String> seen) {
    var name = subject.name();
    return switch (verdict) {
      case null -> {
        var failed = subject.past().lastError(subject.attachment().meta().deleting());
        yield failed.isEmpty()
            ? new Explanation(name, "acting", "", "", steps, seen)
            : failing(subject, failed, steps, seen);
      }
      case Verdict.Settled() when steps.isEmpty() ->
          new Explanation(name, "settled", "", settled(subject.attachment()), steps, seen);
      case Verdict.Settled() -> new Explanation(name, "acting", "", "", steps, seen);
      case Verdict.Parked(var why) ->
          new Explanation(name, "waiting", Cause.wordFor(why), why, List.of(), seen);
      case Verdict.BackOff(var why) -> failing(subject, why, List.of(), seen);
      case Verdict.After(var delay, var why) ->
          new Explanation(
              name,
              "waiting",
              Cause.wordFor(why),
              "%s; looked at again in %s".formatted(why, GoDuration.format(delay)),
              List.of(),
              seen);
    };
  }

  private Explanation failing(
      Subject subject, String why, List<String> steps, Map<String, String> seen) {
    NextTry.of(subject.attachment(), subject.past(), told.working().backOff())
        .ifPresent(next -> seen.put("next try", next.words(time.now())));
    return new Explanation(subject.name(), "failing", Cause.wordFor(why), why, steps, seen);
  }

  private static String settled(Attachment attachment) {
    var meta = attachment.meta();
    return meta.deleting()
        ? "detached, and held by the finalizers of others: " + String.join(", ", meta.finalizers())
        : "attached, nothing is left to do";
  }

  private Reconciler reconciler(Rehearsal rehearsal) {
    var writer =
        new AttachmentWriter(
            rehearsal.cluster(),
            time,
            traits.names().finalizer(),
            AttacherOptions.ErrorCodes.WRITTEN);
    if (!traits.publishes()) {
      return new TrivialReconciler(view.attachments(), writer, traits.names().driver());
    }
    var calls =
        new DriverCalls(
            rehearsal.driver(),
            new PublishRequests(traits, told.working().defaultFsType()),
            Pace.fixed(1, new PaceMetrics(new Metrics(time.now()))),
            time);
    var reports = Reports.quiet();
    var patience = new Patience(time);
    return new AttachmentReconciler(
        view,
        new AttachShell(view, writer, calls, reports, patience),
        new DetachShell(view, writer, calls, reports, patience),
        patience);
  }
}
