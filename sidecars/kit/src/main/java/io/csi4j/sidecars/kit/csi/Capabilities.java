package io.csi4j.sidecars.kit.csi;

import io.csi4j.proto.csi.v1.ControllerGetCapabilitiesRequest;
import io.csi4j.proto.csi.v1.ControllerGrpc;
import io.csi4j.proto.csi.v1.ControllerServiceCapability;
import io.csi4j.proto.csi.v1.GetPluginCapabilitiesRequest;
import io.csi4j.proto.csi.v1.GroupControllerGetCapabilitiesRequest;
import io.csi4j.proto.csi.v1.GroupControllerGrpc;
import io.csi4j.proto.csi.v1.GroupControllerServiceCapability;
import io.csi4j.proto.csi.v1.IdentityGrpc;
import io.csi4j.proto.csi.v1.PluginCapability;
import io.grpc.Channel;
import io.grpc.stub.AbstractBlockingStub;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Asks a driver what it can do; entries that say nothing are passed over. */
record Capabilities(Channel channel, Duration timeout) {

  DriverIdentity of(String driver) {
    var plugin = plugin();
    return new DriverIdentity(
        driver,
        plugin,
        plugin.contains(PluginCapability.Service.Type.CONTROLLER_SERVICE_VALUE)
            ? controller()
            : Set.of(),
        plugin.contains(PluginCapability.Service.Type.GROUP_CONTROLLER_SERVICE_VALUE)
            ? group()
            : Set.of());
  }

  private Set<Integer> plugin() {
    return patient(IdentityGrpc.newBlockingStub(channel))
        .getPluginCapabilities(GetPluginCapabilitiesRequest.getDefaultInstance())
        .getCapabilitiesList()
        .stream()
        .filter(PluginCapability::hasService)
        .map(each -> each.getService().getTypeValue())
        .collect(Collectors.toSet());
  }

  private Set<Integer> controller() {
    return patient(ControllerGrpc.newBlockingStub(channel))
        .controllerGetCapabilities(ControllerGetCapabilitiesRequest.getDefaultInstance())
        .getCapabilitiesList()
        .stream()
        .filter(ControllerServiceCapability::hasRpc)
        .map(each -> each.getRpc().getTypeValue())
        .collect(Collectors.toSet());
  }

  private Set<Integer> group() {
    return patient(GroupControllerGrpc.newBlockingStub(channel))
        .groupControllerGetCapabilities(GroupControllerGetCapabilitiesRequest.getDefaultInstance())
        .getCapabilitiesList()
        .stream()
        .filter(GroupControllerServiceCapability::hasRpc)
        .map(each -> each.getRpc().getTypeValue())
        .collect(Collectors.toSet());
  }

  private <S extends AbstractBlockingStub<S>> S patient(S stub) {
    return stub.withWaitForReady().withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }
}
