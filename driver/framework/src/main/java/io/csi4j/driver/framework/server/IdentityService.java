package io.csi4j.driver.framework.server;

import com.google.protobuf.BoolValue;
import io.csi4j.driver.framework.spi.Answer;
import io.csi4j.driver.framework.spi.Plugin;
import io.csi4j.driver.framework.spi.Readiness.State;
import io.csi4j.driver.framework.spi.Reason;
import io.csi4j.driver.framework.spi.Trait;
import io.csi4j.proto.csi.v1.GetPluginCapabilitiesRequest;
import io.csi4j.proto.csi.v1.GetPluginCapabilitiesResponse;
import io.csi4j.proto.csi.v1.GetPluginInfoRequest;
import io.csi4j.proto.csi.v1.GetPluginInfoResponse;
import io.csi4j.proto.csi.v1.IdentityGrpc;
import io.csi4j.proto.csi.v1.PluginCapability;
import io.csi4j.proto.csi.v1.PluginCapability.Service;
import io.csi4j.proto.csi.v1.ProbeRequest;
import io.csi4j.proto.csi.v1.ProbeResponse;
import io.grpc.stub.StreamObserver;

/** Who the driver is, what it can do, and whether it can do it now. */
final class IdentityService extends IdentityGrpc.IdentityImplBase {
  private final Plugin plugin;
  private final Calls calls;

  IdentityService(Plugin plugin, Calls calls) {
    this.plugin = plugin;
    this.calls = calls;
  }

  @Override
  public void getPluginInfo(
      GetPluginInfoRequest request, StreamObserver<GetPluginInfoResponse> observer) {
    calls.serve(
        Call.earlyQuestion("GetPluginInfo"),
        observer,
        () ->
            Answer.done(
                GetPluginInfoResponse.newBuilder()
                    .setName(plugin.info().name())
                    .setVendorVersion(plugin.info().version())
                    .putAllManifest(plugin.info().manifest())
                    .build()));
  }

  @Override
  public void getPluginCapabilities(
      GetPluginCapabilitiesRequest request,
      StreamObserver<GetPluginCapabilitiesResponse> observer) {
    calls.serve(
        Call.earlyQuestion("GetPluginCapabilities"), observer, () -> Answer.done(capabilities()));
  }

  @Override
  public void probe(ProbeRequest request, StreamObserver<ProbeResponse> observer) {
    calls.serve(
        Call.earlyQuestion("Probe"),
        observer,
        () ->
            switch (plugin.readiness().state()) {
              case State.Ready() -> Answer.done(probed(true));
              case State.Starting _ -> Answer.done(probed(false));
              case State.Broken(var why) -> Answer.refused(Reason.FAILED_PRECONDITION, why);
            });
  }

  private GetPluginCapabilitiesResponse capabilities() {
    var reply = GetPluginCapabilitiesResponse.newBuilder();
    if (plugin.controller() != null) {
      reply.addCapabilities(service(Service.Type.CONTROLLER_SERVICE));
    }
    if (plugin.has(Trait.TOPOLOGY)) {
      reply.addCapabilities(service(Service.Type.VOLUME_ACCESSIBILITY_CONSTRAINTS));
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
