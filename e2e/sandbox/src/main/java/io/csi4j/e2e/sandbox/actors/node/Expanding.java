package io.csi4j.e2e.sandbox.actors.node;

import io.csi4j.e2e.sandbox.actors.cluster.Events;
import io.csi4j.e2e.sandbox.actors.cluster.Kind;
import io.csi4j.e2e.sandbox.actors.csi.CsiAnswer;
import io.csi4j.e2e.sandbox.actors.node.Actual.Mount;
import io.csi4j.e2e.sandbox.actors.node.Actual.MountKey;
import io.csi4j.e2e.sandbox.actors.node.Actual.Presence;
import io.csi4j.e2e.sandbox.actors.node.ExpansionStep.Share;
import io.csi4j.e2e.sandbox.actors.node.Wanted.Mountable;
import io.csi4j.e2e.sandbox.actors.view.Claim;
import io.csi4j.e2e.sandbox.actors.view.Volume;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.proto.csi.v1.NodeExpandVolumeRequest;
import io.csi4j.proto.csi.v1.NodeExpandVolumeResponse;
import io.grpc.Status;
import java.math.BigDecimal;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Grows mounted volumes. */
final class Expanding {
  private static final String NOT_REQUIRED = "volume.kubernetes.io/node-expansion-not-required";
  private static final Set<Status.Code> NEVER =
      Set.of(Status.Code.INVALID_ARGUMENT, Status.Code.OUT_OF_RANGE, Status.Code.NOT_FOUND);

  private final NodePaths paths;
  private final InputReader inputs;
  private final Plugins plugins;
  private final Actual actual;
  private final ClaimResizes claims;
  private final Events events;

  /** What the driver does not want to be asked again on this node. */
  private final Set<MountKey> refused = ConcurrentHashMap.newKeySet();

  Expanding(NodeTools tools) {
    this.paths = tools.paths();
    this.inputs = tools.inputs();
    this.plugins = tools.plugins();
    this.actual = tools.actual();
    this.claims = tools.resizes();
    this.events = tools.events();
  }

  ExpansionStep decide(Mountable wanted) {
    var claim = wanted.claim();
    var volume = wanted.volume();
    var mount = actual.find(wanted.key());
    if (claim.isEmpty() || volume.isEmpty() || mount.isEmpty() || refused.contains(wanted.key())) {
      return new ExpansionStep.Settled();
    }
    return ExpansionStep.decide(
        new ExpansionFacts(
            volume.get().capacity(),
            claim.get().capacity(),
            BigDecimal.valueOf(mount.get().size()),
            claim.get().resizeStatus(),
            claim.get().accessModes().contains("ReadWriteMany"),
            claim.get().annotation(NOT_REQUIRED).equals("true"),
            wanted.podVolume().readOnly()));
  }

  OpResult expand(Mountable wanted, Share share) {
    var spec = wanted.spec();
    var service = plugins.service(spec.driver());
    var claim = wanted.claim();
    var volume = wanted.volume();
    if (service.isEmpty() || claim.isEmpty() || volume.isEmpty()) {
      return OpResult.notRegistered(spec.driver());
    }
    return switch (service.get().traits()) {
      case CsiAnswer.Failed<NodeTraits> failed -> new OpResult.Failed(failed.text());
      case CsiAnswer.Done<NodeTraits>(var traits) -> {
        if (!traits.expands()) {
          // In the claim's own matter an error, else nobody's.
          known(wanted, volume.get());
          yield new OpResult.Done();
        }
        if (share == Share.OF_CLAIM) {
          claims.status(claim.get(), ExpansionStep.IN_PROGRESS);
        }
        var request = request(wanted, traits, volume.get());
        yield settle(wanted, share, claim.get(), volume.get(), service.get().expand(request));
      }
    };
  }

  private NodeExpandVolumeRequest request(Mountable wanted, NodeTraits traits, Volume volume) {
    var spec = wanted.spec();
    var secret = volume.secretRef("nodeExpandSecretRef");
    var request =
        NodeExpandVolumeRequest.newBuilder()
            .setVolumeId(spec.handle())
            .setVolumePath(paths.target(wanted.pod().uid(), spec).toString())
            .setVolumeCapability(MountRequests.capability(inputs.forStage(wanted, traits)))
            .putAllSecrets(
                inputs.secret(Json.text(secret, "namespace"), Json.text(secret, "name")));
    request.getCapacityRangeBuilder().setRequiredBytes(volume.capacity().longValue());
    if (traits.stages()) {
      request.setStagingTargetPath(paths.staging(spec).toString());
    }
    return request.build();
  }

  private OpResult settle(
      Mountable wanted,
      Share share,
      Claim claim,
      Volume volume,
      CsiAnswer<NodeExpandVolumeResponse> answer) {
    return switch (answer) {
      case CsiAnswer.Done<NodeExpandVolumeResponse> _ -> {
        if (share == Share.OF_CLAIM) {
          claims.done(claim, Json.text(volume.json(), "spec", "capacity", "storage"));
        }
        known(wanted, volume);
        var message = "MountVolume.NodeExpandVolume succeeded for volume \"%s\"";
        events.normal(
            Kind.POD,
            wanted.pod().json(),
            "FileSystemResizeSuccessful",
            message.formatted(volume.name()));
        events.normal(
            Kind.CLAIM,
            claim.json(),
            "FileSystemResizeSuccessful",
            message.formatted(volume.name()));
        yield new OpResult.Done();
      }
      case CsiAnswer.Failed<NodeExpandVolumeResponse> failed -> {
        if (failed.isFinal()) {
          claims.failed(claim, failed.text(), NEVER.contains(failed.code()));
        }
        if (failed.code() == Status.Code.FAILED_PRECONDITION) {
          refused.add(wanted.key());
        }
        events.warning(Kind.POD, wanted.pod().json(), "VolumeResizeFailed", failed.text());
        yield new OpResult.Failed(failed.text());
      }
    };
  }

  private void known(Mountable wanted, Volume volume) {
    actual.put(
        new Mount(wanted.key(), wanted.spec(), Presence.SURE, volume.capacity().longValue()));
  }
}
