package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Driver;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.explain.Explanation;
import io.csi4j.sidecars.kit.journal.JournalReader;
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
 * Lets the provisioner's own controllers look at one object through a {@link Rehearsal}, and says
 * what they see, what they would do next, and why not yet.
 */
final class Explainer {
  private final Play play;
  private final Rehearsal rehearsal = new Rehearsal();
  private final ClaimReconciler.Parts parts;

  /** Where the answer is looked for; nothing is written there. */
  record Sources(Cluster cluster, Driver driver, JournalReader intents, Time time) {}

  /**
   * What the answer is made of.
   *
   * @param known whether the driver itself has said what it can do
   */
  record Play(
      Sources sources, ClusterView view, DriverTraits traits, Recipe recipe, boolean known) {}

  Explainer(Play play, ProvisionerOptions options) {
    this.play = play;
    var cluster = rehearsal.cluster(play.sources().cluster());
    var doors =
        new Doors(
            cluster,
            rehearsal.driver(play.known() ? play.sources().driver() : null),
            rehearsal.journal(),
            play.sources().time());
    var unfinished = new Unfinished();
    parts =
        new ClaimReconciler.Parts(
            doors,
            play.view(),
            play.traits(),
            play.recipe(),
            new Preparation(cluster, play.view(), play.traits(), play.recipe()),
            new VolumeMaker(doors, play.recipe().objects(), unfinished),
            new SourceProtection(cluster),
            new ClaimReconciler.Shared(unfinished, new InHand()),
            new News(_ -> {}, new Metrics(play.sources().time().now())),
            options.work().backOff().max(),
            CapacityNews.NOBODY,
            (_, _) -> new Verdict.Parked("the nodes contest for it"));
  }

  Explanation claim(ObjectKey key) {
    var name = "persistentvolumeclaim " + key;
    var claim = play.sources().cluster().read(Claim.KIND, key).orElse(null);
    if (claim == null) {
      return new Explanation(
          name, "missing", "missing", "there is no such claim", List.of(), Map.of());
    }
    var storageClass = play.view().storageClass(ClaimFacts.className(claim));
    var seen = new LinkedHashMap<String, String>();
    seen.put("phase", claim.phase());
    seen.put("class", ClaimFacts.className(claim));
    if (storageClass != null) {
      seen.put("provisioner", storageClass.provisioner());
      seen.put("binding mode", storageClass.bindingMode());
    }
    if (!ClaimFacts.selectedNode(claim).isEmpty()) {
      seen.put("selected node", ClaimFacts.selectedNode(claim));
    }
    seen(seen, claim.meta());
    var cause = PendingCause.of(claim, storageClass, play.known() ? play.traits().name() : null);
    if (cause.isPresent()) {
      var word = cause.get().word();
      return new Explanation(
          name,
          word.equals("bound") ? "settled" : "waiting",
          word,
          cause.get().why(),
          List.of(),
          seen);
    }
    remember(seen);
    return explained(name, new ClaimReconciler(parts), key, seen);
  }

  Explanation volume(ObjectKey key) {
    var name = "persistentvolume " + key;
    var volume = play.sources().cluster().read(Volume.KIND, key).orElse(null);
    if (volume == null) {
      return new Explanation(
          name, "missing", "missing", "there is no such volume", List.of(), Map.of());
    }
    var seen = new LinkedHashMap<String, String>();
    seen.put("phase", volume.phase());
    seen.put("reclaim policy", volume.reclaimPolicy());
    seen.put("deleting", Boolean.toString(volume.meta().deleting()));
    seen.put("finalizers", String.join(", ", volume.meta().finalizers()));
    if (volume.csi() != null) {
      seen.put("driver", volume.csi().driver());
      seen.put("handle", volume.csi().handle());
    }
    for (var attachment : play.view().attachmentsOf(key.name())) {
      seen.put("attachment " + attachment.meta().name(), "node " + attachment.nodeName());
    }
    seen(seen, volume.meta());
    return explained(name, new VolumeReconciler(parts.doors(), parts), key, seen);
  }

  private Explanation explained(
      String name, Reconciler reconciler, ObjectKey key, Map<String, String> seen) {
    try {
      return of(name, reconciler.reconcile(key), seen);
    } catch (Rehearsal.Curtain _) {
      return new Explanation(name, "acting", "", "", rehearsal.steps(), seen);
    } catch (ApiFailure e) {
      var why = String.valueOf(e.getMessage());
      return new Explanation(
          name, "failing", PendingCause.wordFor(why), why, rehearsal.steps(), seen);
    }
  }

  private Explanation of(String name, Verdict verdict, Map<String, String> seen) {
    var steps = rehearsal.steps();
    return switch (verdict) {
      case Verdict.Settled() ->
          new Explanation(
              name, "settled", "", "the provisioner has nothing to do with it now", steps, seen);
      case Verdict.Parked(var why) ->
          new Explanation(name, "waiting", PendingCause.wordFor(why), why, steps, seen);
      case Verdict.After(var delay, var why) ->
          new Explanation(
              name,
              "waiting",
              PendingCause.wordFor(why),
              "%s; looked at again in %s".formatted(why, GoDuration.format(delay)),
              steps,
              seen);
      case Verdict.BackOff(var why) ->
          new Explanation(name, "failing", PendingCause.wordFor(why), why, steps, seen);
    };
  }

  /** What earlier calls may still be making counts more than what the claim says now. */
  private void remember(Map<String, String> seen) {
    try {
      for (var intent : play.sources().intents().intents()) {
        parts.shared().unfinished().add(Attempt.of(intent)).called = true;
      }
    } catch (ApiFailure | IllegalArgumentException e) {
      seen.put("intents", "not readable: " + e.getMessage());
    }
  }

  private void seen(Map<String, String> seen, Meta meta) {
    if (!play.known()) {
      seen.put("driver", "not asked, so it is taken to be able to do everything");
    }
    var last = lastEvent(meta);
    if (last != null) {
      seen.put("last event", last.toString());
    }
  }

  private @Nullable ToldEvent lastEvent(Meta meta) {
    var namespace = meta.namespace().isEmpty() ? "default" : meta.namespace();
    try {
      return play
          .sources()
          .cluster()
          .list(ToldEvent.KIND.only(new Kind.Part(namespace, "")))
          .stream()
          .filter(event -> event.isAbout(meta.uid()))
          .max(Comparator.comparing(ToldEvent::last))
          .orElse(null);
    } catch (ApiFailure _) {
      // Events are of help and not of the essence.
      return null;
    }
  }
}
