package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.reconcile.Reconciler;
import io.csi4j.sidecars.kit.reconcile.Verdict;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares, once per interval, what attachments say with what the driver says, and has those looked
 * at that differ. It calls nothing and writes nothing itself: the attachment's own turn does, in
 * the attachment's own order.
 *
 * <p>A list takes its time, and what changed meanwhile may be in it or not. So an attachment counts
 * only if it is the same after the list as before and not in work. And a list may be old in itself:
 * what was settled is doubted only when two lists in a row say so, the second of which is asked for
 * soon.
 */
final class ListReconciler implements Reconciler {
  static final ObjectKey KEY = ObjectKey.cluster("volumes");

  private static final Logger log = LoggerFactory.getLogger(ListReconciler.class);
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final double SPREAD = 0.1;

  private final VolumeLister lister;
  private final AttachmentView view;
  private final Work work;
  private final Duration interval;
  private final Time time;

  /** Versions of those that the last list contradicted; used by one worker at a time. */
  private Map<ObjectKey, String> suspects = Map.of();

  /** The queue of attachments, as far as it matters here. */
  record Work(Predicate<ObjectKey> busy, Consumer<ObjectKey> add, PaceMetrics metrics) {}

  ListReconciler(
      VolumeLister lister, AttachmentView view, Work work, Duration interval, Time time) {
    this.lister = lister;
    this.view = view;
    this.work = work;
    this.interval = interval;
    this.time = time;
  }

  @Override
  public Verdict reconcile(ObjectKey key) {
    var before = versions();
    return switch (lister.list()) {
      case Listing.Broken(var reason) -> {
        log.atWarn().addKeyValue("reason", reason).log("volumes not listed");
        yield new Verdict.After(spread(interval), reason);
      }
      case Listing.Complete listing -> {
        suspects = compare(before, listing);
        var next = suspects.isEmpty() || interval.compareTo(SOON) < 0 ? interval : SOON;
        yield new Verdict.After(spread(next), "the next list of volumes");
      }
    };
  }

  private Map<ObjectKey, String> versions() {
    var versions = new HashMap<ObjectKey, String>();
    for (var attachment : view.attachments().all()) {
      if (view.isOurs(attachment)) {
        versions.put(attachment.key(), attachment.meta().resourceVersion());
      }
    }
    return versions;
  }

  /** The new suspects. */
  private Map<ObjectKey, String> compare(Map<ObjectKey, String> before, Listing.Complete listing) {
    var found = new HashMap<ObjectKey, String>();
    before.forEach(
        (key, version) -> {
          var facts = view.read(key);
          if (facts == null || work.busy().test(key) || !sameAs(version, facts.attachment())) {
            return;
          }
          switch (Finding.of(facts, listing)) {
            case NOTHING -> {}
            case LOOK -> work.add().accept(key);
            case DOUBT -> {
              if (version.equals(suspects.get(key))) {
                doubt(facts.attachment());
              } else {
                found.put(key, version);
              }
            }
          }
        });
    return found;
  }

  private void doubt(Attachment attachment) {
    log.atWarn()
        .addKeyValue("attachment", attachment.meta().name())
        .addKeyValue("node", attachment.nodeName())
        .addKeyValue("attached", attachment.attached())
        .log("the driver says otherwise than the status");
    view.doubt(attachment.key());
    work.metrics().doubted();
    work.add().accept(attachment.key());
  }

  private static boolean sameAs(String version, Attachment attachment) {
    return attachment.meta().resourceVersion().equals(version);
  }

  /** So that the lists of many drivers do not come to one array all at once. */
  private Duration spread(Duration pause) {
    var share = 1 - SPREAD + 2 * SPREAD * time.random().nextDouble();
    return Duration.ofNanos((long) (pause.toNanos() * share));
  }
}
