package io.csi4j.sidecars.kit.csi;

import com.google.protobuf.Message;
import io.csi4j.proto.csi.v1.ControllerGrpc;
import io.csi4j.proto.csi.v1.GroupControllerGrpc;
import io.csi4j.proto.csi.v1.NodeGrpc;
import io.csi4j.sidecars.kit.doors.CsiCall;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** gRPC's descriptor of each call, found by the name that it has on the wire. */
final class Methods {
  private static final Map<String, MethodDescriptor<?, ?>> BY_NAME =
      Stream.of(
              ControllerGrpc.getServiceDescriptor(),
              GroupControllerGrpc.getServiceDescriptor(),
              NodeGrpc.getServiceDescriptor())
          .map(ServiceDescriptor::getMethods)
          .flatMap(Collection::stream)
          .collect(
              Collectors.toUnmodifiableMap(MethodDescriptor::getFullMethodName, method -> method));

  private Methods() {}

  @SuppressWarnings("unchecked") // MethodsTest holds each call's types against the descriptor's
  static <Q extends Message, R extends Message> MethodDescriptor<Q, R> of(CsiCall<Q, R> call) {
    var method = BY_NAME.get(call.fullName());
    if (method == null) {
      throw new IllegalArgumentException("CSI has no call " + call.fullName());
    }
    return (MethodDescriptor<Q, R>) method;
  }
}
