package io.csi4j.sidecars.attacher;

import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import io.csi4j.sidecars.kit.csi.AccessModes.Dialect;
import io.csi4j.sidecars.kit.csi.DriverIdentity;

/**
 * What of the driver matters here.
 *
 * @param publishes whether there is anything to call at all
 * @param readOnly whether the driver can publish a volume for reading only
 * @param lists whether the driver can say which volumes are published where
 */
record DriverTraits(
    AttacherNames names, boolean publishes, boolean readOnly, boolean lists, Dialect dialect) {

  static DriverTraits of(DriverIdentity identity) {
    var controller = identity.controller();
    return new DriverTraits(
        new AttacherNames(identity.name()),
        controller.contains(RPC.Type.PUBLISH_UNPUBLISH_VOLUME_VALUE),
        controller.contains(RPC.Type.PUBLISH_READONLY_VALUE),
        controller.contains(RPC.Type.LIST_VOLUMES_VALUE)
            && controller.contains(RPC.Type.LIST_VOLUMES_PUBLISHED_NODES_VALUE),
        controller.contains(RPC.Type.SINGLE_NODE_MULTI_WRITER_VALUE)
            ? Dialect.SINGLE_NODE_MULTI_WRITER
            : Dialect.CLASSIC);
  }
}
