package io.csi4j.sidecars.provisioner;

import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import io.csi4j.proto.csi.v1.PluginCapability.Service;
import io.csi4j.sidecars.kit.csi.AccessModes.Dialect;
import io.csi4j.sidecars.kit.csi.DriverIdentity;

/** What of the driver's capabilities matters here. */
record DriverTraits(
    String name, boolean creates, boolean publishes, boolean topology, Dialect dialect) {

  static DriverTraits of(DriverIdentity identity) {
    var controller = identity.controller();
    return new DriverTraits(
        identity.name(),
        controller.contains(RPC.Type.CREATE_DELETE_VOLUME_VALUE),
        controller.contains(RPC.Type.PUBLISH_UNPUBLISH_VOLUME_VALUE),
        identity.plugin().contains(Service.Type.VOLUME_ACCESSIBILITY_CONSTRAINTS_VALUE),
        controller.contains(RPC.Type.SINGLE_NODE_MULTI_WRITER_VALUE)
            ? Dialect.SINGLE_NODE_MULTI_WRITER
            : Dialect.CLASSIC);
  }
}
