package io.csi4j.sidecars.provisioner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.proto.csi.v1.CreateVolumeRequest;
import io.csi4j.proto.csi.v1.GetCapacityRequest;
import io.csi4j.proto.csi.v1.Topology;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.StorageClass;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Outcome;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.reconcile.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Claims that no scheduler gives to a node: the provisioners of all nodes wait for a while of
 * chance, and the first one whose node has room writes its name on the claim. That write is the
 * whole agreement; who comes second gets a conflict. The wait holds no worker.
 */
final class NodeContest implements Contest {
  private final Doors doors;
  private final Preparation preparation;
  private final LocalNode local;
  private final NodeOptions options;
  private final News news;
  private final Map<ObjectKey, Turn> turns = new ConcurrentHashMap<>();
  private final Map<ObjectKey, Unplaced> unplaced = new ConcurrentHashMap<>();

  /** A claim's turn, and how many came before it. */
  private record Turn(String uid, int tries, long dueNanos) {}

  NodeContest(
      Doors doors, Preparation preparation, LocalNode local, NodeOptions options, News news) {
    this.news = news;
    this.doors = doors;
    this.preparation = preparation;
    this.local = local;
    this.options = options;
  }

  @Override
  public Verdict enter(Claim claim, StorageClass storageClass) {
    var ours = ClaimFacts.withNode(claim, local.name());
    if (!storageClass.allowedTopologies().isEmpty()
        && preparation.place(ours, storageClass) instanceof TopologyChoice.Unknown(var reason)) {
      return leave(claim, reason);
    }
    var now = doors.time().nanos();
    var turn = turns.get(claim.key());
    if (turn == null || !turn.uid().equals(claim.meta().uid())) {
      return waits(claim, 0);
    }
    if (turn.dueNanos() - now > 0) {
      return new Verdict.After(Duration.ofNanos(turn.dueNanos() - now), "waiting for its turn");
    }
    if (!hasRoom(preparation.plan(ours, storageClass))) {
      turns.remove(claim.key());
      return leave(claim, "not enough room on this one");
    }
    try {
      take(claim);
      forget(claim.key());
      return new Verdict.Parked("this node took it; the change of the claim goes on with it");
    } catch (ApiFailure.Conflict _) {
      return waits(claim, turn.tries() + 1);
    }
  }

  @Override
  public void forget(ObjectKey claim) {
    turns.remove(claim);
    unplaced.remove(claim);
  }

  /** If nobody else takes it either, its owner hears of it, from one of all nodes. */
  private Verdict leave(Claim claim, String reason) {
    var now = doors.time().nanos();
    var known = Unplaced.after(unplaced.get(claim.key()), claim.meta().uid(), now);
    var patience = patience();
    if (known.isToBeTold(now, patience)) {
      news.unplaced(claim, "on node %s: %s".formatted(local.name(), reason));
      known = known.told(now);
    }
    unplaced.put(claim.key(), known);
    return new Verdict.After(patience, "left to other nodes: " + reason);
  }

  private Duration patience() {
    var longest = options.maxDelay().plus(options.baseDelay());
    return Unplaced.PATIENCE.compareTo(longest) > 0 ? Unplaced.PATIENCE : longest;
  }

  private Verdict waits(Claim claim, int tries) {
    var delay = delay(options, tries, doors.time());
    turns.put(
        claim.key(), new Turn(claim.meta().uid(), tries, doors.time().nanos() + delay.toNanos()));
    return new Verdict.After(delay, "waiting for its turn");
  }

  /** Twice as long after each lost one, less a part of chance. */
  static Duration delay(NodeOptions options, int tries, Time time) {
    var base = options.baseDelay();
    var doubled =
        tries > Integer.SIZE
            ? options.maxDelay()
            : base.multipliedBy(1L << Math.min(tries, Integer.SIZE - 2));
    var limited = doubled.compareTo(options.maxDelay()) < 0 ? doubled : options.maxDelay();
    var chance = Duration.ofNanos((long) (base.toNanos() * time.random().nextDouble()));
    var delay = limited.minus(chance);
    return delay.isNegative() ? Duration.ZERO : delay;
  }

  /** What cannot be found out is no reason to leave a claim alone: making it will say why. */
  private boolean hasRoom(Plan plan) {
    if (!(plan instanceof Plan.Create(var attempt, _)) || attempt.wantedBytes() == 0) {
      return true;
    }
    var request = attempt.request();
    var places = request.getAccessibilityRequirements().getRequisiteList();
    return places.isEmpty()
        ? holds(request, List.of(Topology.getDefaultInstance()))
        : holds(request, places);
  }

  private boolean holds(CreateVolumeRequest request, List<Topology> places) {
    for (var place : places) {
      var question =
          GetCapacityRequest.newBuilder()
              .addAllVolumeCapabilities(request.getVolumeCapabilitiesList())
              .putAllParameters(request.getParametersMap());
      if (place.getSegmentsCount() > 0) {
        question.setAccessibleTopology(place);
      }
      if (!(doors.driver().getCapacity(question.build()) instanceof Outcome.Done(var reply))
          || reply.getAvailableCapacity() >= request.getCapacityRange().getRequiredBytes()) {
        return true;
      }
    }
    return false;
  }

  private void take(Claim claim) {
    doors
        .cluster()
        .update(
            Claim.KIND,
            claim.key(),
            object -> {
              var annotations = object.withObject("/metadata/annotations");
              if (!object.at("/metadata/uid").asText().equals(claim.meta().uid())
                  || isTaken(annotations)) {
                throw new ApiFailure.Conflict("another node was first");
              }
              annotations.put(Names.SELECTED_NODE, local.name());
            });
  }

  private static boolean isTaken(ObjectNode annotations) {
    return !annotations.path(Names.SELECTED_NODE).asText("").isEmpty();
  }
}
