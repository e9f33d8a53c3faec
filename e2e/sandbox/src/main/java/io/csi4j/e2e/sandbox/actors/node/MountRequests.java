package io.csi4j.e2e.sandbox.actors.node;

import io.csi4j.e2e.sandbox.actors.view.Volume;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.proto.csi.v1.NodePublishVolumeRequest;
import io.csi4j.proto.csi.v1.NodeStageVolumeRequest;
import io.csi4j.proto.csi.v1.VolumeCapability;
import io.csi4j.proto.csi.v1.VolumeCapability.AccessMode.Mode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Requests as kubelet makes them. Pure. */
final class MountRequests {
  private MountRequests() {}

  static NodeStageVolumeRequest stage(MountInputs inputs, Path staging) {
    return NodeStageVolumeRequest.newBuilder()
        .setVolumeId(inputs.wanted().spec().handle())
        .putAllPublishContext(inputs.publishContext())
        .setStagingTargetPath(staging.toString())
        .setVolumeCapability(capability(inputs))
        .putAllSecrets(inputs.secrets())
        .putAllVolumeContext(attributes(inputs))
        .build();
  }

  /**
   * @param staging empty where the volume is not staged
   */
  static NodePublishVolumeRequest publish(MountInputs inputs, String staging, Path target) {
    var context = new TreeMap<>(attributes(inputs));
    context.putAll(inputs.extraContext());
    return NodePublishVolumeRequest.newBuilder()
        .setVolumeId(inputs.wanted().spec().handle())
        .putAllPublishContext(inputs.publishContext())
        .setStagingTargetPath(staging)
        .setTargetPath(target.toString())
        .setVolumeCapability(capability(inputs))
        .setReadonly(inputs.wanted().podVolume().readOnly())
        .putAllSecrets(inputs.secrets())
        .putAllVolumeContext(context)
        .build();
  }

  static VolumeCapability capability(MountInputs inputs) {
    var capability = VolumeCapability.newBuilder();
    capability.getAccessModeBuilder().setMode(mode(inputs));
    if (inputs.wanted().spec().block()) {
      return capability.setBlock(VolumeCapability.BlockVolume.getDefaultInstance()).build();
    }
    var flags = new ArrayList<String>();
    inputs.wanted().volume().ifPresent(volume -> flags.addAll(volume.mountOptions()));
    flags.addAll(inputs.flags());
    capability
        .getMountBuilder()
        .setFsType(fsType(inputs))
        .addAllMountFlags(flags)
        .setVolumeMountGroup(inputs.group());
    return capability.build();
  }

  private static String fsType(MountInputs inputs) {
    return inputs
        .wanted()
        .volume()
        .map(Volume::fsType)
        .orElseGet(() -> Json.text(inputs.wanted().podVolume().json(), "csi", "fsType"));
  }

  private static Map<String, String> attributes(MountInputs inputs) {
    return inputs
        .wanted()
        .volume()
        .map(Volume::attributes)
        .orElseGet(
            () -> {
              var attributes = new TreeMap<String, String>();
              Json.at(inputs.wanted().podVolume().json(), "csi", "volumeAttributes")
                  .properties()
                  .forEach(each -> attributes.put(each.getKey(), each.getValue().asText()));
              return attributes;
            });
  }

  /** The first of the volume's access modes is what counts on nodes. */
  private static Mode mode(MountInputs inputs) {
    var modes = inputs.wanted().volume().map(Volume::accessModes).orElse(List.of());
    var precise = inputs.traits().knowsMultiWriter();
    return switch (modes.isEmpty() ? "ReadWriteOnce" : modes.getFirst()) {
      case "ReadOnlyMany" -> Mode.MULTI_NODE_READER_ONLY;
      case "ReadWriteMany" -> Mode.MULTI_NODE_MULTI_WRITER;
      case "ReadWriteOncePod" -> precise ? Mode.SINGLE_NODE_SINGLE_WRITER : Mode.SINGLE_NODE_WRITER;
      default -> precise ? Mode.SINGLE_NODE_MULTI_WRITER : Mode.SINGLE_NODE_WRITER;
    };
  }
}
