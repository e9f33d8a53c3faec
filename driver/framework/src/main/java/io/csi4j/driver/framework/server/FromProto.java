package io.csi4j.driver.framework.server;

import io.csi4j.driver.spi.AccessMode;
import io.csi4j.driver.spi.AccessType;
import io.csi4j.driver.spi.AttachmentSpec;
import io.csi4j.driver.spi.CapacityRange;
import io.csi4j.driver.spi.CapacityReport;
import io.csi4j.driver.spi.ContentSource;
import io.csi4j.driver.spi.GroupSnapshots;
import io.csi4j.driver.spi.PublishSpec;
import io.csi4j.driver.spi.Secrets;
import io.csi4j.driver.spi.SnapshotSpec;
import io.csi4j.driver.spi.StageData;
import io.csi4j.driver.spi.StageSpec;
import io.csi4j.driver.spi.Topology;
import io.csi4j.driver.spi.TopologyRequirement;
import io.csi4j.driver.spi.VolumeCapability;
import io.csi4j.driver.spi.VolumeSpec;
import io.csi4j.driver.spi.Volumes;
import io.csi4j.driver.spi.Writing;
import io.csi4j.proto.csi.v1.ControllerPublishVolumeRequest;
import io.csi4j.proto.csi.v1.CreateSnapshotRequest;
import io.csi4j.proto.csi.v1.CreateVolumeGroupSnapshotRequest;
import io.csi4j.proto.csi.v1.CreateVolumeRequest;
import io.csi4j.proto.csi.v1.GetCapacityRequest;
import io.csi4j.proto.csi.v1.NodePublishVolumeRequest;
import io.csi4j.proto.csi.v1.NodeStageVolumeRequest;
import io.csi4j.proto.csi.v1.ValidateVolumeCapabilitiesRequest;
import io.csi4j.proto.csi.v1.VolumeContentSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Checked messages as records of the SPI. */
final class FromProto {
  /**
   * Kubernetes tells for information which claim, volume or snapshot it is about; drivers do not
   * have to know these.
   */
  private static final String INFORMATION = "csi.storage.k8s.io/";

  private FromProto() {}

  static VolumeSpec volumeSpec(CreateVolumeRequest request) {
    return new VolumeSpec(
        request.getName(),
        capacity(request.getCapacityRange()),
        capabilities(request.getVolumeCapabilitiesList()),
        parameters(request.getParametersMap()),
        parameters(request.getParametersMutableMap()),
        source(request.getVolumeContentSource()),
        requirement(request.getAccessibilityRequirements()),
        Secrets.of(request.getSecretsMap()));
  }

  static Volumes.Usage usage(ValidateVolumeCapabilitiesRequest request) {
    return new Volumes.Usage(
        capabilities(request.getVolumeCapabilitiesList()),
        new TreeMap<>(request.getVolumeContextMap()),
        parameters(request.getParametersMap()),
        parameters(request.getParametersMutableMap()));
  }

  static AttachmentSpec attachmentSpec(ControllerPublishVolumeRequest request) {
    return new AttachmentSpec(
        request.getVolumeId(),
        request.getNodeId(),
        capability(request.getVolumeCapability()),
        Writing.readOnlyIf(request.getReadonly()),
        new TreeMap<>(request.getVolumeContextMap()),
        Secrets.of(request.getSecretsMap()));
  }

  static StageSpec stageSpec(NodeStageVolumeRequest request) {
    return new StageSpec(
        request.getVolumeId(),
        Path.of(request.getStagingTargetPath()),
        capability(request.getVolumeCapability()),
        new StageData(
            new TreeMap<>(request.getPublishContextMap()),
            new TreeMap<>(request.getVolumeContextMap()),
            Secrets.of(request.getSecretsMap())));
  }

  static PublishSpec publishSpec(NodePublishVolumeRequest request) {
    var staging = request.getStagingTargetPath();
    return new PublishSpec(
        request.getVolumeId(),
        Path.of(request.getTargetPath()),
        staging.isEmpty() ? null : Path.of(staging),
        capability(request.getVolumeCapability()),
        Writing.readOnlyIf(request.getReadonly()),
        new StageData(
            new TreeMap<>(request.getPublishContextMap()),
            new TreeMap<>(request.getVolumeContextMap()),
            Secrets.of(request.getSecretsMap())));
  }

  static SnapshotSpec snapshotSpec(CreateSnapshotRequest request) {
    return new SnapshotSpec(
        request.getName(),
        request.getSourceVolumeId(),
        parameters(request.getParametersMap()),
        requirement(request.getAccessibilityRequirements()),
        Secrets.of(request.getSecretsMap()));
  }

  static GroupSnapshots.GroupSpec groupSpec(CreateVolumeGroupSnapshotRequest request) {
    return new GroupSnapshots.GroupSpec(
        request.getName(),
        new TreeSet<>(request.getSourceVolumeIdsList()),
        parameters(request.getParametersMap()),
        Secrets.of(request.getSecretsMap()));
  }

  static CapacityReport.Question question(GetCapacityRequest request) {
    return new CapacityReport.Question(
        capabilities(request.getVolumeCapabilitiesList()),
        parameters(request.getParametersMap()),
        request.hasAccessibleTopology() ? topology(request.getAccessibleTopology()) : null);
  }

  static VolumeCapability capability(io.csi4j.proto.csi.v1.VolumeCapability capability) {
    return new VolumeCapability(type(capability), mode(capability));
  }

  private static List<VolumeCapability> capabilities(
      List<io.csi4j.proto.csi.v1.VolumeCapability> capabilities) {
    return capabilities.stream().map(FromProto::capability).toList();
  }

  private static AccessType type(io.csi4j.proto.csi.v1.VolumeCapability capability) {
    var mount = capability.getMount();
    return switch (capability.getAccessTypeCase()) {
      case BLOCK -> new AccessType.Block();
      case MOUNT -> new AccessType.Mount(mount.getFsType(), mount.getMountFlagsList());
      case ACCESSTYPE_NOT_SET -> throw new IllegalStateException("unchecked access type");
    };
  }

  private static AccessMode mode(io.csi4j.proto.csi.v1.VolumeCapability capability) {
    return switch (capability.getAccessMode().getMode()) {
      case SINGLE_NODE_WRITER -> AccessMode.SINGLE_NODE_WRITER;
      case SINGLE_NODE_READER_ONLY -> AccessMode.SINGLE_NODE_READER_ONLY;
      case MULTI_NODE_READER_ONLY -> AccessMode.MULTI_NODE_READER_ONLY;
      case MULTI_NODE_SINGLE_WRITER -> AccessMode.MULTI_NODE_SINGLE_WRITER;
      case MULTI_NODE_MULTI_WRITER -> AccessMode.MULTI_NODE_MULTI_WRITER;
      case SINGLE_NODE_SINGLE_WRITER -> AccessMode.SINGLE_NODE_SINGLE_WRITER;
      case SINGLE_NODE_MULTI_WRITER -> AccessMode.SINGLE_NODE_MULTI_WRITER;
      case UNKNOWN, UNRECOGNIZED -> throw new IllegalStateException("unchecked access mode");
    };
  }

  static CapacityRange capacity(io.csi4j.proto.csi.v1.CapacityRange range) {
    return new CapacityRange(range.getRequiredBytes(), range.getLimitBytes());
  }

  private static ContentSource source(VolumeContentSource source) {
    return switch (source.getTypeCase()) {
      case SNAPSHOT -> new ContentSource.FromSnapshot(source.getSnapshot().getSnapshotId());
      case VOLUME -> new ContentSource.FromVolume(source.getVolume().getVolumeId());
      case TYPE_NOT_SET -> new ContentSource.Blank();
    };
  }

  private static TopologyRequirement requirement(
      io.csi4j.proto.csi.v1.TopologyRequirement requirement) {
    return new TopologyRequirement(
        requirement.getRequisiteList().stream().map(FromProto::topology).toList(),
        requirement.getPreferredList().stream().map(FromProto::topology).toList());
  }

  private static Topology topology(io.csi4j.proto.csi.v1.Topology topology) {
    return new Topology(new TreeMap<>(topology.getSegmentsMap()));
  }

  static SortedMap<String, String> parameters(Map<String, String> parameters) {
    var ours = new TreeMap<>(parameters);
    ours.keySet().removeIf(key -> key.startsWith(INFORMATION));
    return ours;
  }
}
