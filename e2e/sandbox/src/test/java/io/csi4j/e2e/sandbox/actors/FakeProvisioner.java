package io.csi4j.e2e.sandbox.actors;

import io.csi4j.e2e.sandbox.actors.cluster.Client;
import io.csi4j.e2e.sandbox.actors.cluster.Kind;
import io.csi4j.e2e.sandbox.actors.csi.CsiAnswer;
import io.csi4j.e2e.sandbox.actors.csi.CsiCalls;
import io.csi4j.e2e.sandbox.actors.loop.Actor;
import io.csi4j.e2e.sandbox.actors.loop.Attempts;
import io.csi4j.e2e.sandbox.actors.view.Claim;
import io.csi4j.e2e.sandbox.actors.view.Volume;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.json.Quantity;
import io.csi4j.proto.csi.v1.ControllerGrpc;
import io.csi4j.proto.csi.v1.CreateVolumeRequest;
import io.csi4j.proto.csi.v1.CreateVolumeResponse;
import io.csi4j.proto.csi.v1.DeleteVolumeRequest;
import io.csi4j.proto.csi.v1.DeleteVolumeResponse;
import io.grpc.Status;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Stands for the provisioner: just enough of its contract. */
final class FakeProvisioner implements Actor {
  static final String FINALIZER = "external-provisioner.volume.kubernetes.io/finalizer";

  private final String driver;
  private final ActorParts parts;
  private final CsiCalls calls;
  private final Path socket;
  private final Attempts attempts = Attempts.usual();

  FakeProvisioner(String driver, ActorParts parts, CsiCalls calls, Path socket) {
    this.driver = driver;
    this.parts = parts;
    this.calls = calls;
    this.socket = socket;
  }

  @Override
  public Instant pass(Instant now) {
    for (var claim : parts.view().claims()) {
      if (claim.annotation(Claim.PROVISIONER).equals(driver)
          && claim.volumeName().isEmpty()
          && !claim.deleting()
          && parts.view().volume("pvc-" + claim.uid()).isEmpty()) {
        attempts.attempt(claim.key(), now, () -> provision(claim));
      }
    }
    for (var volume : parts.view().volumes()) {
      var free =
          volume.phase().equals("Released")
              && parts.view().attachments().stream()
                  .noneMatch(each -> each.volumeName().equals(volume.name()));
      if (volume.driver().equals(driver) && volume.reclaimPolicy().equals("Delete") && free) {
        attempts.attempt(volume.name(), now, () -> delete(volume));
      }
    }
    return attempts.next(now);
  }

  private void provision(Claim claim) {
    var storageClass = parts.view().storageClass(claim.className()).orElseThrow();
    if (storageClass.waitsForConsumer() && claim.selectedNode().isEmpty()) {
      return;
    }
    var request = CreateVolumeRequest.newBuilder().setName("pvc-" + claim.uid());
    request.getCapacityRangeBuilder().setRequiredBytes(claim.requested().longValue());
    if (!claim.selectedNode().isEmpty()) {
      request
          .getAccessibilityRequirementsBuilder()
          .addPreferredBuilder()
          .putSegments(FakeController.TOPOLOGY, claim.selectedNode());
    }
    switch (calls.call(socket, channel -> stub(channel).createVolume(request.build()))) {
      case CsiAnswer.Done<CreateVolumeResponse>(var response) -> store(claim, response);
      case CsiAnswer.Failed<CreateVolumeResponse> failed -> {
        parts.events().warning(Kind.CLAIM, claim.json(), "ProvisioningFailed", failed.text());
        if (failed.code() == Status.Code.RESOURCE_EXHAUSTED && !claim.selectedNode().isEmpty()) {
          var patch = Client.patchOf(claim.json());
          Json.child(patch, "metadata").putObject("annotations").putNull(Claim.SELECTED_NODE);
          parts.client().patch(Kind.CLAIM, claim.namespace(), claim.name(), patch);
        }
        throw io.csi4j.e2e.sandbox.status.ApiFailure.of(503, "Driver", failed.text());
      }
    }
  }

  private void store(Claim claim, CreateVolumeResponse response) {
    var volume = Kind.VOLUME.named("", "pvc-" + claim.uid());
    var metadata = Json.child(volume, "metadata");
    metadata.putObject("annotations").put(Volume.PROVISIONED_BY, driver);
    metadata.putArray("finalizers").add(FINALIZER);
    var spec = volume.putObject("spec");
    var bytes = BigDecimal.valueOf(response.getVolume().getCapacityBytes());
    spec.putObject("capacity")
        .put("storage", new Quantity(bytes, Quantity.Form.BINARY).canonical());
    spec.set("accessModes", Json.at(claim.json(), "spec", "accessModes").deepCopy());
    spec.put("volumeMode", claim.volumeMode()).put("storageClassName", claim.className());
    var storageClass = parts.view().storageClass(claim.className()).orElseThrow().json();
    spec.put("persistentVolumeReclaimPolicy", Json.text(storageClass, "reclaimPolicy"));
    var csi = spec.putObject("csi").put("driver", driver);
    csi.put("volumeHandle", response.getVolume().getVolumeId());
    csi.put("fsType", Json.text(storageClass, "parameters", "csi.storage.k8s.io/fstype"));
    var attributes = csi.putObject("volumeAttributes");
    response.getVolume().getVolumeContextMap().forEach(attributes::put);
    var reference = spec.putObject("claimRef").put("kind", "PersistentVolumeClaim");
    reference.put("apiVersion", "v1").put("namespace", claim.namespace());
    reference.put("name", claim.name()).put("uid", claim.uid());
    for (var topology : response.getVolume().getAccessibleTopologyList()) {
      var term =
          spec.putObject("nodeAffinity")
              .putObject("required")
              .putArray("nodeSelectorTerms")
              .addObject()
              .putArray("matchExpressions");
      topology
          .getSegmentsMap()
          .forEach(
              (key, value) ->
                  term.addObject()
                      .put("key", key)
                      .put("operator", "In")
                      .putArray("values")
                      .add(value));
    }
    parts.client().create(Kind.VOLUME, volume);
  }

  private void delete(Volume volume) {
    var request = DeleteVolumeRequest.newBuilder().setVolumeId(volume.handle()).build();
    switch (calls.call(socket, channel -> stub(channel).deleteVolume(request))) {
      case CsiAnswer.Failed<DeleteVolumeResponse> failed ->
          throw io.csi4j.e2e.sandbox.status.ApiFailure.of(503, "Driver", failed.text());
      case CsiAnswer.Done<DeleteVolumeResponse> _ -> {
        if (!volume.deleting()) {
          parts.client().delete(Kind.VOLUME, "", volume.name(), volume.uid());
        }
        removeFinalizer(parts.client(), Kind.VOLUME, volume.name(), FINALIZER);
      }
    }
  }

  static void removeFinalizer(Client client, Kind kind, String name, String finalizer) {
    var object = client.get(kind, "", name);
    if (object.isEmpty()) {
      return;
    }
    List<String> kept =
        Json.texts(object.get(), "metadata", "finalizers").stream()
            .filter(each -> !each.equals(finalizer))
            .toList();
    var patch = Client.patchOf(object.get());
    var list = Json.child(patch, "metadata").putArray("finalizers");
    kept.forEach(list::add);
    client.patch(kind, "", name, patch);
  }

  private static ControllerGrpc.ControllerBlockingStub stub(io.grpc.Channel channel) {
    return ControllerGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS);
  }
}
