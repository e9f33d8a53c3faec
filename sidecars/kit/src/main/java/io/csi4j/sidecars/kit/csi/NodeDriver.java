package io.csi4j.sidecars.kit.csi;

import io.csi4j.proto.csi.v1.IdentityGrpc;
import io.csi4j.proto.csi.v1.NodeGetInfoRequest;
import io.csi4j.proto.csi.v1.NodeGetInfoResponse;
import io.csi4j.proto.csi.v1.NodeGrpc;
import io.csi4j.proto.csi.v1.ProbeRequest;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What a node's parts ask a driver. {@link DriverFault} where it does not answer in time. */
public final class NodeDriver {
  private final Channel calls;
  private final Duration timeout;

  public NodeDriver(Channel calls, Duration timeout) {
    this.calls = calls;
    this.timeout = timeout;
  }

  /** One Probe: whether the driver says that it is ready. */
  public boolean ready() {
    try {
      var reply =
          IdentityGrpc.newBlockingStub(calls)
              .withWaitForReady()
              .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)
              .probe(ProbeRequest.getDefaultInstance());
      return !reply.hasReady() || reply.getReady().getValue();
    } catch (StatusRuntimeException e) {
      throw new DriverFault(
          "the CSI driver's Probe failed: " + GrpcDriver.words(e), GrpcDriver.code(e));
    }
  }

  /** What the driver says of its node. */
  public NodeGetInfoResponse info() {
    try {
      return NodeGrpc.newBlockingStub(calls)
          .withWaitForReady()
          .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)
          .nodeGetInfo(NodeGetInfoRequest.getDefaultInstance());
    } catch (StatusRuntimeException e) {
      throw new DriverFault(
          "the CSI driver's NodeGetInfo failed: " + GrpcDriver.words(e), GrpcDriver.code(e));
    }
  }
}
