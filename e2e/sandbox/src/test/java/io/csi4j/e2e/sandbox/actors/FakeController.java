package io.csi4j.e2e.sandbox.actors;

import io.csi4j.proto.csi.v1.ControllerGrpc;
import io.csi4j.proto.csi.v1.ControllerPublishVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerPublishVolumeResponse;
import io.csi4j.proto.csi.v1.ControllerUnpublishVolumeRequest;
import io.csi4j.proto.csi.v1.ControllerUnpublishVolumeResponse;
import io.csi4j.proto.csi.v1.CreateVolumeRequest;
import io.csi4j.proto.csi.v1.CreateVolumeResponse;
import io.csi4j.proto.csi.v1.DeleteVolumeRequest;
import io.csi4j.proto.csi.v1.DeleteVolumeResponse;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.function.Supplier;

/** The controller service over a {@link FakeArray}. */
final class FakeController extends ControllerGrpc.ControllerImplBase {
  static final String TOPOLOGY = "topology.fake.csi4j.io/node";
  private final FakeArray array;

  FakeController(FakeArray array) {
    this.array = array;
  }

  @Override
  public void createVolume(
      CreateVolumeRequest request, StreamObserver<CreateVolumeResponse> answer) {
    answer(
        answer,
        () -> {
          var node =
              request.getAccessibilityRequirements().getPreferredList().stream()
                  .map(topology -> topology.getSegmentsOrDefault(TOPOLOGY, ""))
                  .findFirst()
                  .orElse("");
          var response = CreateVolumeResponse.newBuilder();
          var volume =
              response.getVolumeBuilder().setVolumeId(array.create(request.getName(), node));
          volume.setCapacityBytes(request.getCapacityRange().getRequiredBytes());
          volume.putVolumeContext("made-by", "fake");
          if (!node.isEmpty()) {
            volume.addAccessibleTopologyBuilder().putSegments(TOPOLOGY, node);
          }
          return response.build();
        });
  }

  @Override
  public void deleteVolume(
      DeleteVolumeRequest request, StreamObserver<DeleteVolumeResponse> answer) {
    answer(
        answer,
        () -> {
          array.delete(request.getVolumeId());
          return DeleteVolumeResponse.getDefaultInstance();
        });
  }

  @Override
  public void controllerPublishVolume(
      ControllerPublishVolumeRequest request,
      StreamObserver<ControllerPublishVolumeResponse> answer) {
    answer(
        answer,
        () -> {
          array.attach(request.getVolumeId(), request.getNodeId());
          return ControllerPublishVolumeResponse.newBuilder().putPublishContext("lun", "7").build();
        });
  }

  @Override
  public void controllerUnpublishVolume(
      ControllerUnpublishVolumeRequest request,
      StreamObserver<ControllerUnpublishVolumeResponse> answer) {
    answer(
        answer,
        () -> {
          array.detach(request.getVolumeId(), request.getNodeId());
          return ControllerUnpublishVolumeResponse.getDefaultInstance();
        });
  }

  static <T> void answer(StreamObserver<T> answer, Supplier<T> work) {
    try {
      answer.onNext(work.get());
      answer.onCompleted();
    } catch (StatusRuntimeException failure) {
      answer.onError(failure);
    }
  }
}
