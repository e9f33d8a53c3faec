package io.csi4j.sidecars.provisioner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.proto.csi.v1.CreateVolumeResponse;
import io.csi4j.proto.csi.v1.DeleteVolumeRequest;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.StorageClass;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.Driver;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Outcome;
import io.csi4j.sidecars.kit.reconcile.Reconciler;
import io.csi4j.sidecars.kit.reconcile.Verdict;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out {@link ClaimStep}: makes the volume and stores its object. May be called at any time,
 * twice, and after any crash; the driver knows by the volume's name what it has made already.
 */
final class ClaimReconciler implements Reconciler {
  private static final Logger log = LoggerFactory.getLogger(ClaimReconciler.class);

  /** A request that the driver calls invalid will be no better in a second. */
  private static final Duration INFEASIBLE_PAUSE = Duration.ofMinutes(5);

  /** How long a watch may be behind our own writes before we look again. */
  private static final Duration SHOWN_SOON = Duration.ofSeconds(5);

  private final Cluster cluster;
  private final ClusterView view;
  private final Driver driver;
  private final Making making;
  private final Unfinished unfinished = new Unfinished();

  /**
   * Volumes that are stored and that the table has not shown yet, by claim: asking the driver again
   * for them would do no harm, and no good.
   */
  private final Map<ObjectKey, String> stored = new ConcurrentHashMap<>();

  ClaimReconciler(Cluster cluster, ClusterView view, Driver driver, Making making) {
    this.cluster = cluster;
    this.view = view;
    this.driver = driver;
    this.making = making;
  }

  /** The pure parts that make a request and an object of a claim. */
  record Making(
      DriverTraits traits,
      ProvisionerOptions.Placing placing,
      VolumeRequest requests,
      VolumeObject objects) {}

  @Override
  public Verdict reconcile(ObjectKey key) {
    var claim = view.claim(key);
    var open = unfinished.of(key);
    if (open != null && (claim == null || !claim.meta().uid().equals(open.claim().meta().uid()))) {
      // Its claim is gone. The answer is awaited all the same: a volume that was made needs an
      // object, by which it is deleted.
      return create(open);
    }
    if (claim == null) {
      stored.remove(key);
      return new Verdict.Settled();
    }
    var facts = facts(claim);
    if (stored.remove(key, making.requests().nameOf(claim)) && !facts.volumeExists()) {
      return new Verdict.After(SHOWN_SOON, "its volume is stored and will be seen in a moment");
    }
    return switch (ClaimStep.decide(facts)) {
      case ClaimStep.Settled() -> new Verdict.Settled();
      case ClaimStep.Wait(var why) -> new Verdict.Parked(why);
      case ClaimStep.Refuse(var reason) -> new Verdict.BackOff(reason);
      case ClaimStep.Provision(var storageClass) ->
          open != null ? create(open) : provision(claim, storageClass);
    };
  }

  private ClaimFacts facts(Claim claim) {
    return new ClaimFacts(
        making.traits().name(),
        claim,
        view.storageClass(ClaimFacts.className(claim)),
        view.volume(making.requests().nameOf(claim)) != null);
  }

  private Verdict provision(Claim claim, StorageClass storageClass) {
    if (!making.traits().creates()) {
      return new Verdict.BackOff("CSI driver does not support dynamic provisioning");
    }
    var place = place(claim, storageClass);
    return switch (place) {
      case TopologyChoice.Unknown(var reason) -> new Verdict.BackOff(reason);
      case TopologyChoice.NodeGone(var reason) -> giveNodeBack(claim, reason);
      case TopologyChoice.Anywhere _, TopologyChoice.Places _ -> {
        try {
          var request = making.requests().build(claim, storageClass, place);
          var fsType = making.requests().fsType(storageClass);
          yield create(new Attempt(claim, storageClass, fsType, request));
        } catch (IllegalArgumentException e) {
          yield new Verdict.BackOff(String.valueOf(e.getMessage()));
        }
      }
    };
  }

  private TopologyChoice place(Claim claim, StorageClass storageClass) {
    if (!making.traits().topology()) {
      return new TopologyChoice.Anywhere();
    }
    return TopologyChoice.decide(
        new TopologyFacts(
            making.traits().name(),
            claim.meta().name(),
            ClaimFacts.selectedNode(claim),
            storageClass.allowedTopologies(),
            view.csiNodes(),
            view.nodes(),
            making.placing()));
  }

  private Verdict create(Attempt attempt) {
    return switch (driver.createVolume(attempt.request())) {
      case Outcome.Done(var reply) -> made(attempt, reply);
      case Outcome.InDoubt(_, var message) -> {
        unfinished.remember(attempt);
        yield new Verdict.BackOff(message);
      }
      // What was known of this volume before still holds.
      case Outcome.NotReached(var message) -> new Verdict.BackOff(message);
      case Outcome.Refused(var code, var message) -> refused(attempt, code, message);
    };
  }

  private Verdict refused(Attempt attempt, Code code, String message) {
    unfinished.forget(attempt);
    if (code == Code.INVALID_ARGUMENT) {
      return new Verdict.After(INFEASIBLE_PAUSE, message);
    }
    var nodeChosen = !ClaimFacts.selectedNode(attempt.claim()).isEmpty();
    if (code == Code.RESOURCE_EXHAUSTED && making.traits().topology() && nodeChosen) {
      return giveNodeBack(attempt.claim(), message);
    }
    return new Verdict.BackOff(message);
  }

  private Verdict made(Attempt attempt, CreateVolumeResponse reply) {
    var volume = reply.getVolume();
    if (volume.getVolumeId().isEmpty()) {
      unfinished.remember(attempt);
      return new Verdict.BackOff("the driver's CreateVolume answered without a volume ID");
    }
    var wanted = attempt.request().getCapacityRange().getRequiredBytes();
    if (VolumeObject.capacityOf(attempt, volume) < wanted) {
      return tooSmall(attempt, volume.getVolumeId(), volume.getCapacityBytes());
    }
    return store(attempt, making.objects().build(attempt, volume), volume.getVolumeId());
  }

  private Verdict tooSmall(Attempt attempt, String handle, long bytes) {
    var wanted = attempt.request().getCapacityRange().getRequiredBytes();
    unfinished.remember(attempt);
    var removed =
        driver.deleteVolume(DeleteVolumeRequest.newBuilder().setVolumeId(handle).build())
            instanceof Outcome.Done<?>;
    return new Verdict.BackOff(
        "created volume capacity %d less than requested capacity %d%s"
            .formatted(
                bytes, wanted, removed ? "" : ", and volume %s is orphaned".formatted(handle)));
  }

  private Verdict store(Attempt attempt, ObjectNode body, String handle) {
    try {
      cluster.create(Volume.KIND, body);
      log.atInfo()
          .addKeyValue("claim", attempt.claim().key())
          .addKeyValue("volume", attempt.request().getName())
          .addKeyValue("handle", handle)
          .log("provisioned");
    } catch (ApiFailure.AlreadyExists e) {
      var stored = cluster.read(Volume.KIND, ObjectKey.cluster(attempt.request().getName()));
      if (stored.isEmpty() || !isOf(stored.get(), attempt, handle)) {
        unfinished.remember(attempt);
        return new Verdict.BackOff(
            "%s, and it is not the one of volume %s".formatted(e.getMessage(), handle));
      }
    } catch (ApiFailure e) {
      // The volume is there and its object may not be: the attempt stays open until both are.
      unfinished.remember(attempt);
      throw e;
    }
    unfinished.forget(attempt);
    stored.put(attempt.claim().key(), attempt.request().getName());
    return new Verdict.Settled();
  }

  private static boolean isOf(Volume stored, Attempt attempt, String handle) {
    var csi = stored.csi();
    var claim = stored.claim();
    return csi != null
        && csi.handle().equals(handle)
        && claim != null
        && claim.uid().equals(attempt.claim().meta().uid());
  }

  /** Takes the scheduler's choice of a node away, so that it chooses again. */
  private Verdict giveNodeBack(Claim claim, String reason) {
    cluster.update(
        Claim.KIND,
        claim.key(),
        object -> {
          if (object.at("/metadata/uid").asText().equals(claim.meta().uid())) {
            var annotations = (ObjectNode) object.at("/metadata/annotations");
            annotations.remove(Names.SELECTED_NODE);
            annotations.remove(Names.SELECTED_NODE_ALPHA);
          }
        });
    log.atWarn()
        .addKeyValue("claim", claim.key())
        .addKeyValue("node", ClaimFacts.selectedNode(claim))
        .addKeyValue("reason", reason)
        .log("gave the selected node back");
    return new Verdict.Parked("waiting for another node: " + reason);
  }
}
