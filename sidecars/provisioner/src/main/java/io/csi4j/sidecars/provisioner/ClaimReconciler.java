package io.csi4j.sidecars.provisioner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.StorageClass;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.options.GoDuration;
import io.csi4j.sidecars.kit.reconcile.Reconciler;
import io.csi4j.sidecars.kit.reconcile.Verdict;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out {@link ClaimStep}: makes the volume and stores its object. May be called at any time,
 * twice, and after any crash: what has begun is unfinished business and comes first, word by word
 * as it was.
 */
final class ClaimReconciler implements Reconciler {
  private static final Logger log = LoggerFactory.getLogger(ClaimReconciler.class);

  private final Parts parts;
  private final Parking parking = new Parking();

  private final StoredVolumes stored;

  ClaimReconciler(Parts parts) {
    this.parts = parts;
    this.stored = new StoredVolumes(parts.doors(), parts.view(), parts.recipe().requests());
  }

  /**
   * What it works with.
   *
   * @param pause for requests that the driver calls invalid: they will be no better in a second
   * @param capacity hears what may have changed how much room there is
   */
  record Parts(
      Doors doors,
      ClusterView view,
      DriverTraits traits,
      Recipe recipe,
      Preparation preparation,
      VolumeMaker maker,
      SourceProtection protection,
      Shared shared,
      News news,
      Duration pause,
      CapacityNews capacity,
      Contest contest) {}

  /** What the claims' worker and the volumes' worker both know. */
  record Shared(Unfinished unfinished, InHand inHand) {}

  @Override
  public Verdict reconcile(ObjectKey key) {
    var open = parts.shared().unfinished().of(key);
    var claim = parts.view().claim(key);
    if (open != null) {
      return parts.shared().inHand().holding(open.attempt().name(), () -> unfinished(open, claim));
    }
    if (claim == null) {
      parking.forget(key);
      stored.forget(key);
      parts.contest().forget(key);
      return new Verdict.Settled();
    }
    return decide(claim);
  }

  private Verdict decide(Claim claim) {
    var facts = facts(claim);
    return switch (ClaimStep.decide(facts)) {
      case ClaimStep.Settled() -> {
        stored.forget(claim.key());
        parking.forget(claim.key());
        parts.contest().forget(claim.key());
        yield new Verdict.Settled();
      }
      case ClaimStep.Wait(var why) -> new Verdict.Parked(why);
      case ClaimStep.Refuse(var reason) -> new Verdict.BackOff(reason);
      case ClaimStep.Contest(var storageClass) -> parts.contest().enter(claim, storageClass);
      case ClaimStep.Provision(var storageClass) ->
          parts
              .shared()
              .inHand()
              .holding(
                  parts.recipe().requests().nameOf(claim), () -> provision(claim, storageClass));
    };
  }

  private ClaimFacts facts(Claim claim) {
    return new ClaimFacts(
        parts.traits().name(),
        claim,
        parts.view().storageClass(ClaimFacts.className(claim)),
        !claim.meta().uid().isEmpty()
            && parts.view().volume(parts.recipe().requests().nameOf(claim)) != null,
        parts.view().local());
  }

  private Verdict provision(Claim claim, StorageClass storageClass) {
    var before = stored.before(claim);
    if (before.isPresent()) {
      return before.get();
    }
    var plan = parts.preparation().plan(claim, storageClass);
    if (plan instanceof Plan.Create(var attempt, _)) {
      var left =
          parking.left(
              claim.key(),
              storageClass.meta().uid(),
              attempt.request(),
              parts.doors().time().nanos());
      if (left != null) {
        return new Verdict.After(left, "the driver called this request invalid");
      }
    }
    return switch (plan) {
      case Plan.ForPopulator(var kind) -> {
        parts.news().leftToPopulator(claim);
        yield new Verdict.Parked(
            "data source (%s) is not handled by the provisioner, assuming an external populator"
                    .formatted(kind)
                + " will provision it");
      }
      case Plan.Impossible(var reason) -> {
        parts.news().provisioning(claim);
        yield failed(claim, reason);
      }
      case Plan.NodeGone(var reason) -> {
        parts.news().provisioning(claim);
        yield giveNodeBack(claim, reason);
      }
      case Plan.Create(var attempt, var guarded) -> {
        parts.news().provisioning(claim);
        yield create(attempt, guarded, claim);
      }
    };
  }

  /** One go at a volume; the claim is missing where it was deleted meanwhile. */
  private record Go(Attempt attempt, @Nullable Claim claim, long sinceNanos) {}

  private Verdict create(Attempt attempt, Plan.Guarded guarded, Claim claim) {
    var go = new Go(attempt, claim, parts.doors().time().nanos());
    try {
      parts.protection().protect(guarded);
      return finish(go, parts.maker().begin(attempt));
    } catch (ApiFailure e) {
      return refusedByServer(e, claim, attempt);
    }
  }

  private Verdict unfinished(Unfinished.Entry open, @Nullable Claim current) {
    var attempt = open.attempt();
    var claim = current != null && current.meta().uid().equals(attempt.claimUid()) ? current : null;
    var known = parts.view().volume(attempt.name());
    if (known != null && known.claim() != null && known.claim().uid().equals(attempt.claimUid())) {
      // Stored by an earlier life, or by a write of which we have not heard.
      parts.maker().end(attempt);
      return again();
    }
    if (claim != null) {
      parts.news().provisioning(claim);
    }
    var go = new Go(attempt, claim, parts.doors().time().nanos());
    try {
      return finish(go, parts.maker().goOn(open));
    } catch (ApiFailure e) {
      return refusedByServer(e, claim, attempt);
    }
  }

  private Verdict finish(Go go, Made made) {
    var attempt = go.attempt();
    var claim = go.claim();
    parts.news().inProgress(parts.shared().unfinished().size());
    return switch (made) {
      case Made.Done(var object) -> done(go, object);
      case Made.Failed(var message) -> failed(claim, attempt.sourceKind(), message);
      case Made.Unstorable(var message) -> {
        failed(claim, attempt.sourceKind(), "failed to save the volume: " + message);
        yield new Verdict.After(parts.pause(), message);
      }
      case Made.Refused(var code, var message) -> refused(go, code, message);
      case Made.Left() -> new Verdict.Parked("this process ends, the next one makes it");
    };
  }

  private Verdict done(Go go, ObjectNode object) {
    var attempt = go.attempt();
    var claim = go.claim();
    parking.forget(attempt.claim());
    log.atInfo()
        .addKeyValue("claim", attempt.claim())
        .addKeyValue("volume", attempt.name())
        .addKeyValue("handle", object.at("/spec/csi/volumeHandle").asText())
        .log("provisioned");
    parts
        .news()
        .provisioned(attempt, Duration.ofNanos(parts.doors().time().nanos() - go.sinceNanos()));
    if (claim != null) {
      stored.add(attempt);
      parts.news().provisioned(claim, attempt.name());
    }
    var snapshot = attempt.snapshot();
    if (snapshot != null
        && !parts.shared().unfinished().uses(snapshot)
        && !parts.view().awaitsSnapshot(snapshot, stored::isServed)) {
      parts.protection().releaseSnapshot(snapshot);
    }
    parts.capacity().created(attempt.className(), object);
    return claim == null ? again() : new Verdict.Settled();
  }

  private Verdict refused(Go go, Code code, String message) {
    var attempt = go.attempt();
    var claim = go.claim();
    parts.capacity().refused(attempt.className());
    if (claim == null) {
      // Deleted, and nothing was made.
      return again();
    }
    if (code == Code.INVALID_ARGUMENT) {
      var storageClass = parts.view().storageClass(attempt.className());
      var until = parts.doors().time().nanos() + parts.pause().toNanos();
      parking.park(
          claim.key(),
          storageClass == null ? "" : storageClass.meta().uid(),
          attempt.request(),
          until);
      var pause = GoDuration.format(parts.pause());
      failed(
          claim,
          attempt.sourceKind(),
          "%s. The request is infeasible and will not be retried for %s".formatted(message, pause));
      return new Verdict.After(parts.pause(), message);
    }
    var nodeChosen = !ClaimFacts.selectedNode(claim).isEmpty();
    var topology = parts.traits().topology() && parts.recipe().gates().topology();
    return code == Code.RESOURCE_EXHAUSTED && topology && nodeChosen
        ? giveNodeBack(claim, message)
        : failed(claim, attempt.sourceKind(), message);
  }

  private Verdict giveNodeBack(Claim claim, String reason) {
    failed(claim, reason);
    parts.maker().giveNodeBack(claim);
    log.atWarn()
        .addKeyValue("claim", claim.key())
        .addKeyValue("node", ClaimFacts.selectedNode(claim))
        .addKeyValue("reason", reason)
        .log("gave the selected node back");
    return new Verdict.Parked("waiting for another node: " + reason);
  }

  /** The user must hear of it, and the queue decides by the kind of failure. */
  private Verdict refusedByServer(ApiFailure e, @Nullable Claim claim, Attempt attempt) {
    if (e instanceof ApiFailure.NotFound) {
      return failed(claim, attempt.sourceKind(), String.valueOf(e.getMessage()));
    }
    failed(claim, attempt.sourceKind(), String.valueOf(e.getMessage()));
    throw e;
  }

  private Verdict failed(Claim claim, String reason) {
    return failed(claim, Source.of(claim, parts.recipe().gates()).kind(), reason);
  }

  private Verdict failed(@Nullable Claim claim, String sourceKind, String reason) {
    if (claim != null) {
      parts.news().provisionFailed(claim, sourceKind, reason);
    }
    return new Verdict.BackOff(reason);
  }

  /** A claim of the same name may have waited for the end of the one before it. */
  private static Verdict again() {
    return new Verdict.After(Duration.ZERO, "looked at once more after unfinished business");
  }
}
