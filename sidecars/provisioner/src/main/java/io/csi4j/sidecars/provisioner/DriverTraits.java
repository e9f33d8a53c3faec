package io.csi4j.sidecars.provisioner;

import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import io.csi4j.proto.csi.v1.PluginCapability.Service;
import io.csi4j.sidecars.kit.csi.AccessModes.Dialect;
import io.csi4j.sidecars.kit.csi.DriverIdentity;

/** What of the driver's capabilities matters here. */
record DriverTraits(DriverIdentity identity) {

  String name() {
    return identity.name();
  }

  boolean creates() {
    return has(RPC.Type.CREATE_DELETE_VOLUME);
  }

  boolean publishes() {
    return has(RPC.Type.PUBLISH_UNPUBLISH_VOLUME);
  }

  boolean restores() {
    return has(RPC.Type.CREATE_DELETE_SNAPSHOT);
  }

  boolean clones() {
    return has(RPC.Type.CLONE_VOLUME);
  }

  boolean modifies() {
    return has(RPC.Type.MODIFY_VOLUME);
  }

  boolean tellsCapacity() {
    return has(RPC.Type.GET_CAPACITY);
  }

  boolean topology() {
    return identity.plugin().contains(Service.Type.VOLUME_ACCESSIBILITY_CONSTRAINTS.getNumber());
  }

  Dialect dialect() {
    return has(RPC.Type.SINGLE_NODE_MULTI_WRITER)
        ? Dialect.SINGLE_NODE_MULTI_WRITER
        : Dialect.CLASSIC;
  }

  private boolean has(RPC.Type capability) {
    return identity.controller().contains(capability.getNumber());
  }
}
