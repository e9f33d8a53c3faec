package io.csi4j.driver.framework.server;

import com.google.protobuf.BoolValue;
import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.ChangedBlocks;
import io.csi4j.driver.spi.Expansion;
import io.csi4j.driver.spi.GroupSnapshots;
import io.csi4j.driver.spi.NodeExpansion;
import io.csi4j.driver.spi.Plugin;
import io.csi4j.driver.spi.Readiness.State;
import io.csi4j.driver.spi.Reason;
import io.csi4j.driver.spi.Trait;
import io.csi4j.proto.csi.v1.GetPluginCapabilitiesResponse;
import io.csi4j.proto.csi.v1.GetPluginInfoResponse;
import io.csi4j.proto.csi.v1.IdentityGrpc;
import io.csi4j.proto.csi.v1.PluginCapability;
import io.csi4j.proto.csi.v1.PluginCapability.Service;
import io.csi4j.proto.csi.v1.PluginCapability.VolumeExpansion;
import io.csi4j.proto.csi.v1.ProbeResponse;
import io.grpc.ServerServiceDefinition;

/** Who the driver is, what it can do, and whether it can do it now. */
final class IdentityCalls {
  private IdentityCalls() {}

  static ServerServiceDefinition table(Plugin plugin, Calls calls) {
    return new ServiceTable(IdentityGrpc.SERVICE_NAME, calls)
        .earlyQuestion(IdentityGrpc.getGetPluginInfoMethod(), () -> Answer.done(info(plugin)))
        .earlyQuestion(
            IdentityGrpc.getGetPluginCapabilitiesMethod(), () -> Answer.done(capabilities(plugin)))
        .earlyQuestion(IdentityGrpc.getProbeMethod(), () -> probe(plugin))
        .build();
  }

  private static GetPluginInfoResponse info(Plugin plugin) {
    return GetPluginInfoResponse.newBuilder()
        .setName(plugin.info().name())
        .setVendorVersion(plugin.info().version())
        .putAllManifest(plugin.info().manifest())
        .build();
  }

  private static Answer<ProbeResponse> probe(Plugin plugin) {
    return switch (plugin.readiness().state()) {
      case State.Ready() -> Answer.done(probed(true));
      case State.Starting _ -> Answer.done(probed(false));
      case State.Broken(var why) -> Answer.refused(Reason.FAILED_PRECONDITION, why);
    };
  }

  private static GetPluginCapabilitiesResponse capabilities(Plugin plugin) {
    var reply = GetPluginCapabilitiesResponse.newBuilder();
    var controller = plugin.controller();
    var node = plugin.node();
    if (controller != null) {
      reply.addCapabilities(service(Service.Type.CONTROLLER_SERVICE));
      if (controller.has(GroupSnapshots.class)) {
        reply.addCapabilities(service(Service.Type.GROUP_CONTROLLER_SERVICE));
      }
      if (controller.has(ChangedBlocks.class)) {
        reply.addCapabilities(service(Service.Type.SNAPSHOT_METADATA_SERVICE));
      }
    }
    if (plugin.has(Trait.TOPOLOGY)) {
      reply.addCapabilities(service(Service.Type.VOLUME_ACCESSIBILITY_CONSTRAINTS));
    }
    if (plugin.has(Trait.SNAPSHOT_TOPOLOGY)) {
      reply.addCapabilities(service(Service.Type.SNAPSHOT_ACCESSIBILITY_CONSTRAINTS));
    }
    if ((controller != null && controller.has(Expansion.class))
        || (node != null && node.has(NodeExpansion.class))) {
      reply.addCapabilities(
          PluginCapability.newBuilder()
              .setVolumeExpansion(
                  VolumeExpansion.newBuilder().setType(VolumeExpansion.Type.ONLINE)));
    }
    return reply.build();
  }

  private static PluginCapability service(Service.Type type) {
    return PluginCapability.newBuilder().setService(Service.newBuilder().setType(type)).build();
  }

  private static ProbeResponse probed(boolean ready) {
    return ProbeResponse.newBuilder().setReady(BoolValue.of(ready)).build();
  }
}
