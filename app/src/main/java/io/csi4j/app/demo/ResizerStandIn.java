package io.csi4j.app.demo;

import io.csi4j.e2e.sandbox.actors.ActorParts;
import io.csi4j.e2e.sandbox.actors.cluster.Kind;
import io.csi4j.e2e.sandbox.actors.csi.CsiAnswer;
import io.csi4j.e2e.sandbox.actors.loop.Actor;
import io.csi4j.e2e.sandbox.actors.loop.Attempts;
import io.csi4j.e2e.sandbox.actors.view.Claim;
import io.csi4j.e2e.sandbox.actors.view.Volume;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.proto.csi.v1.ControllerExpandVolumeResponse;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Stands for the resizer that csi4j does not have yet: calls {@code ControllerExpandVolume} for
 * claims that want more than their volumes have, and hands over to the node where that has work
 * left. Of what a resizer must survive it knows nothing.
 */
final class ResizerStandIn implements Actor {
  static final String NAME = "demo-resizer";

  private final ActorParts parts;
  private final DriverDesk driver;
  private final Path socket;
  private final Attempts attempts = Attempts.usual();

  ResizerStandIn(ActorParts parts, DriverDesk driver, Path socket) {
    this.parts = parts;
    this.driver = driver;
    this.socket = socket;
  }

  @Override
  public Instant pass(Instant now) {
    for (var claim : parts.view().claims()) {
      parts
          .view()
          .boundVolume(claim)
          .filter(volume -> claim.requested().compareTo(volume.capacity()) > 0)
          .ifPresent(volume -> attempts.attempt(claim.key(), now, () -> grow(claim, volume)));
    }
    return attempts.next(now);
  }

  private void grow(Claim claim, Volume volume) {
    switch (driver.expand(socket, volume.handle(), claim.requested().longValueExact())) {
      case CsiAnswer.Done<ControllerExpandVolumeResponse>(var reply) -> {
        var size = Json.text(claim.json(), "spec", "resources", "requests", "storage");
        var grown = Json.object();
        grown.putObject("spec").putObject("capacity").put("storage", size);
        parts.client().patch(Kind.VOLUME, "", volume.name(), grown);
        var status = Json.object();
        if (reply.getNodeExpansionRequired()) {
          status
              .putObject("status")
              .putObject("allocatedResourceStatuses")
              .put("storage", "NodeResizePending");
        } else {
          status.putObject("status").putObject("capacity").put("storage", size);
        }
        parts.client().patchStatus(Kind.CLAIM, claim.namespace(), claim.name(), status);
      }
      case CsiAnswer.Failed<ControllerExpandVolumeResponse> failed ->
          parts.events().warning(Kind.CLAIM, claim.json(), "VolumeResizeFailed", failed.text());
    }
  }
}
