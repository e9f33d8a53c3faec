package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.csi.DriverIdentity;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.metrics.Metrics;
import io.csi4j.sidecars.kit.reconcile.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
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
  private final DriverIdentity driver;
  private final AttachmentView view;

  /** Asks for its tables, which are to be filled before {@link #tell}. */
  AttachmentStory(Cluster cluster, DriverIdentity driver, Time time) {
    this.cluster = cluster;
    this.driver = driver;
    this.time = time;
    this.view = new AttachmentView(cluster, DriverTraits.of(driver), new Doubts());
  }

  List<String> tell(ObjectKey key) {
    var attachment = view.attachments().get(key);
    if (attachment == null) {
      return List.of("there is no VolumeAttachment %s".formatted(key.name()));
    }
    var story = new ArrayList<String>();
    story.add(
        "VolumeAttachment %s: %s to node %s by %s"
            .formatted(
                key.name(), volumeOf(attachment), attachment.nodeName(), attachment.attacher()));
    if (!view.isOurs(attachment)) {
      story.add("not for the driver %s".formatted(driver.name()));
      return story;
    }
    cluster.read(AttachmentPast.KIND, key).ifPresent(past -> past(attachment, past, story));
    others(attachment, story);
    next(key, story);
    return story;
  }

  private static String volumeOf(Attachment attachment) {
    var name = attachment.volumeName();
    return name == null ? "a volume of its own" : "PersistentVolume " + name;
  }

  private static void past(Attachment attachment, AttachmentPast past, List<String> story) {
    story.add("asked for at " + past.created());
    if (!past.deleted().isEmpty()) {
      story.add("to be detached since " + past.deleted());
    }
    story.add(
        attachment.attached() ? "attached, says its status" : "not attached, says its status");
    error("attaching", past.attachError(), story);
    error("detaching", past.detachError(), story);
  }

  private static void error(String what, Map<String, String> error, List<String> story) {
    if (!error.isEmpty()) {
      story.add(
          "%s failed at %s: %s"
              .formatted(
                  what, error.getOrDefault("time", "?"), error.getOrDefault("message", "?")));
    }
  }

  private void others(Attachment attachment, List<String> story) {
    var volume = attachment.volumeName();
    if (volume == null) {
      return;
    }
    view.attachmentsOf(volume).stream()
        .filter(other -> !other.key().equals(attachment.key()))
        .sorted(Comparator.comparing(other -> other.meta().name()))
        .forEach(
            other ->
                story.add(
                    "the same volume %s node %s by VolumeAttachment %s%s"
                        .formatted(
                            other.attached() ? "is attached to" : "is wanted on",
                            other.nodeName(),
                            other.meta().name(),
                            other.meta().deleting() ? ", which is being detached" : "")));
  }

  private void next(ObjectKey key, List<String> story) {
    var rehearsal = new Rehearsal(cluster);
    var verdict = rehearse(key, rehearsal);
    rehearsal.written().forEach(each -> story.add("next: " + each));
    switch (verdict) {
      case null -> {}
      case Verdict.Settled() when rehearsal.written().isEmpty() ->
          story.add("nothing is left to do");
      case Verdict.Settled() -> {}
      case Verdict.Parked(var why) -> story.add("waiting until that changes: " + why);
      case Verdict.BackOff(var why) ->
          story.add("tried again after a pause of 5m at most, or when an input changes: " + why);
      case Verdict.After(var delay, var why) ->
          story.add("tried again in %s: %s".formatted(delay, why));
    }
  }

  /** Null where the driver has the next word. */
  private @Nullable Verdict rehearse(ObjectKey key, Rehearsal rehearsal) {
    var traits = DriverTraits.of(driver);
    var writer =
        new AttachmentWriter(
            rehearsal.cluster(),
            time,
            traits.names().finalizer(),
            AttacherOptions.ErrorCodes.WRITTEN);
    var calls =
        new DriverCalls(
            rehearsal.driver(),
            new PublishRequests(traits, ""),
            Pace.fixed(1, new PaceMetrics(new Metrics(time.now()))),
            time);
    var reports = Reports.quiet();
    var reconciler =
        new AttachmentReconciler(
            view,
            new AttachShell(view, writer, calls, reports),
            new DetachShell(view, writer, calls, reports));
    try {
      return reconciler.reconcile(key);
    } catch (Rehearsal.Ended _) {
      return null;
    } catch (ApiFailure e) {
      return new Verdict.BackOff(String.valueOf(e.getMessage()));
    }
  }
}
