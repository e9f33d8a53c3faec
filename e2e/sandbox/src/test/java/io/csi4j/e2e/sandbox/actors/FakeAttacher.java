package io.csi4j.e2e.sandbox.actors;

import io.csi4j.e2e.sandbox.actors.cluster.Client;
import io.csi4j.e2e.sandbox.actors.cluster.Kind;
import io.csi4j.e2e.sandbox.actors.csi.CsiAnswer;
import io.csi4j.e2e.sandbox.actors.csi.CsiCalls;
import io.csi4j.e2e.sandbox.actors.loop.Actor;
import io.csi4j.e2e.sandbox.actors.loop.Attempts;
import io.csi4j.e2e.sandbox.actors.view.Attachment;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.json.Times;
import io.csi4j.e2e.sandbox.status.ApiFailure;
import io.csi4j.proto.csi.v1.ControllerGrpc;
import io.csi4j.proto.csi.v1.ControllerPublishVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerPublishVolumeResponse;
import io.csi4j.proto.csi.v1.ControllerUnpublishVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerUnpublishVolumeResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Stands for the attacher: just enough of its contract. Node IDs are the nodes' names. */
final class FakeAttacher implements Actor {
  static final String FINALIZER = "external-attacher/fake-csi4j-io";

  private final String driver;
  private final ActorParts parts;
  private final CsiCalls calls;
  private final Path socket;
  private final Attempts attempts = Attempts.usual();

  FakeAttacher(String driver, ActorParts parts, CsiCalls calls, Path socket) {
    this.driver = driver;
    this.parts = parts;
    this.calls = calls;
    this.socket = socket;
  }

  @Override
  public Instant pass(Instant now) {
    for (var attachment : parts.view().attachments()) {
      if (attachment.attacher().equals(driver)) {
        attempts.attempt(attachment.name(), now, () -> step(attachment, now));
      }
    }
    return attempts.next(now);
  }

  private void step(Attachment attachment, Instant now) {
    if (attachment.deleting()) {
      detach(attachment);
    } else if (!attachment.attached()) {
      attach(attachment, now);
    }
  }

  private void attach(Attachment attachment, Instant now) {
    var handle = parts.view().volume(attachment.volumeName()).orElseThrow().handle();
    if (!attachment.finalizers().contains(FINALIZER)) {
      var patch = Client.patchOf(attachment.json());
      Json.child(patch, "metadata").putArray("finalizers").add(FINALIZER);
      parts.client().patch(Kind.ATTACHMENT, "", attachment.name(), patch);
    }
    var request =
        ControllerPublishVolumeRequest.newBuilder()
            .setVolumeId(handle)
            .setNodeId(attachment.nodeName())
            .build();
    var patch = Json.object();
    var status = patch.putObject("status");
    switch (calls.call(socket, channel -> stub(channel).controllerPublishVolume(request))) {
      case CsiAnswer.Done<ControllerPublishVolumeResponse>(var response) -> {
        status.put("attached", true).putNull("attachError");
        var metadata = status.putObject("attachmentMetadata");
        response.getPublishContextMap().forEach(metadata::put);
        parts.client().patchStatus(Kind.ATTACHMENT, "", attachment.name(), patch);
      }
      case CsiAnswer.Failed<ControllerPublishVolumeResponse> failed -> {
        status
            .putObject("attachError")
            .put("time", Times.text(now))
            .put("message", failed.text())
            .put("errorCode", failed.code().value());
        parts.client().patchStatus(Kind.ATTACHMENT, "", attachment.name(), patch);
        throw ApiFailure.of(503, "Driver", failed.text());
      }
    }
  }

  private void detach(Attachment attachment) {
    if (!attachment.finalizers().contains(FINALIZER)) {
      return;
    }
    var handle = parts.view().volume(attachment.volumeName()).orElseThrow().handle();
    var request =
        ControllerUnpublishVolumeRequest.newBuilder()
            .setVolumeId(handle)
            .setNodeId(attachment.nodeName())
            .build();
    switch (calls.call(socket, channel -> stub(channel).controllerUnpublishVolume(request))) {
      case CsiAnswer.Failed<ControllerUnpublishVolumeResponse> failed ->
          throw ApiFailure.of(503, "Driver", failed.text());
      case CsiAnswer.Done<ControllerUnpublishVolumeResponse> _ ->
          FakeProvisioner.removeFinalizer(
              parts.client(), Kind.ATTACHMENT, attachment.name(), FINALIZER);
    }
  }

  private static ControllerGrpc.ControllerBlockingStub stub(io.grpc.Channel channel) {
    return ControllerGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS);
  }
}
