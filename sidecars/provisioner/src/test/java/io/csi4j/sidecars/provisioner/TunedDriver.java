package io.csi4j.sidecars.provisioner;

import com.google.protobuf.Message;
import io.csi4j.proto.csi.v1.CreateVolumeRequest;
import io.csi4j.proto.csi.v1.CreateVolumeResponse;
import io.csi4j.proto.csi.v1.DeleteVolumeRequest;
import io.csi4j.proto.csi.v1.GetCapacityRequest;
import io.csi4j.proto.csi.v1.GetCapacityResponse;
import io.csi4j.proto.csi.v1.NodeGetInfoResponse;
import io.csi4j.proto.csi.v1.Topology;
import io.csi4j.proto.csi.v1.Volume;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.CsiCall;
import io.csi4j.sidecars.kit.doors.Driver;
import io.csi4j.sidecars.kit.doors.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** In front of the simulated driver: answers as a test wants, and knows what it was asked. */
final class TunedDriver implements Driver {
  final List<CreateVolumeRequest> creates = new ArrayList<>();
  final List<DeleteVolumeRequest> deletes = new ArrayList<>();
  final List<GetCapacityRequest> questions = new ArrayList<>();

  /** What becomes of the volume in each answer. */
  UnaryOperator<Volume> made = volume -> volume;

  boolean refusesDeletes;

  /** Runs while the driver works on a volume. */
  Runnable during = () -> {};

  Function<GetCapacityRequest, Outcome<GetCapacityResponse>> capacity = _ -> room(1L << 40);
  Map<String, String> segments = Map.of();

  private final Driver driver;

  TunedDriver(Driver driver) {
    this.driver = driver;
  }

  static Outcome<GetCapacityResponse> room(long bytes) {
    return new Outcome.Done<>(GetCapacityResponse.newBuilder().setAvailableCapacity(bytes).build());
  }

  @Override
  public <Q extends Message, R extends Message> Outcome<R> call(CsiCall<Q, R> call, Q request) {
    return switch (request) {
      case CreateVolumeRequest create -> {
        creates.add(create);
        during.run();
        yield create(call, request);
      }
      case DeleteVolumeRequest delete -> {
        deletes.add(delete);
        yield refusesDeletes
            ? new Outcome.Refused<>(Code.INTERNAL, "will not")
            : driver.call(call, request);
      }
      case GetCapacityRequest question -> {
        questions.add(question);
        yield as(call, capacity.apply(question));
      }
      default ->
          call.equals(CsiCall.NODE_GET_INFO)
              ? as(call, new Outcome.Done<>(info()))
              : driver.call(call, request);
    };
  }

  private NodeGetInfoResponse info() {
    return NodeGetInfoResponse.newBuilder()
        .setNodeId("here")
        .setAccessibleTopology(Topology.newBuilder().putAllSegments(segments))
        .build();
  }

  private <Q extends Message, R extends Message> Outcome<R> create(CsiCall<Q, R> call, Q request) {
    var outcome = driver.call(call, request);
    if (outcome instanceof Outcome.Done<R>(var reply)
        && reply instanceof CreateVolumeResponse made) {
      var tuned = made.toBuilder().setVolume(this.made.apply(made.getVolume())).build();
      return new Outcome.Done<>(call.reply().cast(tuned));
    }
    return outcome;
  }

  private static <R extends Message> Outcome<R> as(
      CsiCall<?, R> call, Outcome<? extends Message> outcome) {
    return switch (outcome) {
      case Outcome.Done<? extends Message>(var reply) ->
          new Outcome.Done<>(call.reply().cast(reply));
      case Outcome.Refused<? extends Message>(var code, var message) ->
          new Outcome.Refused<>(code, message);
      case Outcome.InDoubt<? extends Message>(var code, var message) ->
          new Outcome.InDoubt<>(code, message);
      case Outcome.NotReached<? extends Message>(var message) -> new Outcome.NotReached<>(message);
    };
  }
}
