package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.cluster.FinalizerPatch;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Patch;
import io.csi4j.sidecars.kit.reconcile.Reconciler;
import io.csi4j.sidecars.kit.reconcile.Verdict;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out {@link NodeLossStep}. Each process counts from when it has first seen the loss, so a
 * restart only makes it wait longer. On each node one process does so: an event has one name for
 * all, and a finalizer can be taken off once only.
 */
final class NodeLossReconciler implements Reconciler {
  private static final Logger log = LoggerFactory.getLogger(NodeLossReconciler.class);

  /** The API server keeps an event for an hour. */
  private static final Duration TELL_EACH = Duration.ofHours(1);

  private final Doors doors;
  private final ClusterView view;
  private final NodeLossOptions options;
  private final News news;
  private final Map<ObjectKey, Lost> lost = new ConcurrentHashMap<>();

  /** A volume without nodes, since when, and since when it has been told that it goes. */
  private record Lost(String uid, long sinceNanos, Optional<Long> announcedNanos) {
    Lost announced(long nowNanos) {
      return new Lost(uid, sinceNanos, Optional.of(nowNanos));
    }
  }

  NodeLossReconciler(Doors doors, ClusterView view, NodeLossOptions options, News news) {
    this.doors = doors;
    this.view = view;
    this.options = options;
    this.news = news;
  }

  @Override
  public Verdict reconcile(ObjectKey key) {
    var volume = view.volume(key.name());
    if (volume == null || !NodeLossStep.isLost(volume, view.driver(), view.allNodes())) {
      lost.remove(key);
      return new Verdict.Settled();
    }
    return switch (NodeLossStep.decide(facts(volume))) {
      case NodeLossStep.Wait(var left) -> new Verdict.After(left, "its nodes are gone");
      case NodeLossStep.Tell(var reason) -> {
        news.nodesLost(volume, reason);
        yield new Verdict.After(TELL_EACH, reason);
      }
      case NodeLossStep.Announce(var reason) -> {
        news.letGo(volume, reason);
        var now = doors.time().nanos();
        lost.computeIfPresent(key, (_, known) -> known.announced(now));
        yield new Verdict.After(NodeLossStep.ANNOUNCED_BEFORE, reason);
      }
      case NodeLossStep.Release() -> {
        release(volume);
        yield new Verdict.Settled();
      }
    };
  }

  private NodeLossStep.Facts facts(Volume volume) {
    var now = doors.time().nanos();
    var uid = volume.meta().uid();
    var known =
        lost.compute(
            volume.key(),
            (_, before) ->
                before != null && before.uid().equals(uid)
                    ? before
                    : new Lost(uid, now, Optional.empty()));
    return new NodeLossStep.Facts(
        volume,
        Duration.ofNanos(now - known.sinceNanos()),
        known.announcedNanos().map(then -> Duration.ofNanos(now - then)),
        options);
  }

  private void release(Volume volume) {
    log.atWarn()
        .addKeyValue("volume", volume.meta().name())
        .log("let a volume go whose nodes are gone; the driver was not asked");
    try {
      doors
          .cluster()
          .patch(
              Volume.KIND,
              volume.key(),
              Patch.operations(FinalizerPatch.remove(volume.meta(), Names.VOLUME_FINALIZER)));
    } catch (ApiFailure.NotFound _) {
      // Gone meanwhile.
    }
  }
}
