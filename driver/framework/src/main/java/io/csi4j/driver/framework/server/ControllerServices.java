package io.csi4j.driver.framework.server;

import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Attachments;
import io.csi4j.driver.spi.CapacityReport;
import io.csi4j.driver.spi.ChangedBlocks;
import io.csi4j.driver.spi.ControllerParts;
import io.csi4j.driver.spi.Expansion;
import io.csi4j.driver.spi.GroupSnapshots;
import io.csi4j.driver.spi.Health;
import io.csi4j.driver.spi.Modification;
import io.csi4j.driver.spi.Snapshots;
import io.csi4j.driver.spi.Trait;
import io.csi4j.driver.spi.VolumeListing;
import io.csi4j.proto.csi.v1.ControllerGetCapabilitiesResponse;
import io.csi4j.proto.csi.v1.ControllerGrpc;
import io.csi4j.proto.csi.v1.ControllerServiceCapability;
import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import io.csi4j.proto.csi.v1.GroupControllerGetCapabilitiesResponse;
import io.csi4j.proto.csi.v1.GroupControllerGrpc;
import io.csi4j.proto.csi.v1.GroupControllerServiceCapability;
import io.csi4j.proto.csi.v1.SnapshotMetadataGrpc;
import io.grpc.ServerServiceDefinition;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The services of a controller: which calls there are, and which capabilities are reported. */
final class ControllerServices {
  private final Reception reception;
  private final ControllerParts parts;
  private final Calls calls;

  ControllerServices(Reception reception, ControllerParts parts, Calls calls) {
    this.reception = reception;
    this.parts = parts;
    this.calls = calls;
  }

  List<ServerServiceDefinition> all() {
    List<ServerServiceDefinition> services = new ArrayList<>();
    services.add(controller());
    parts.find(GroupSnapshots.class).map(this::groups).ifPresent(services::add);
    parts.find(ChangedBlocks.class).map(this::metadata).ifPresent(services::add);
    return services;
  }

  private ServerServiceDefinition controller() {
    var table =
        new ServiceTable(ControllerGrpc.SERVICE_NAME, calls)
            .earlyQuestion(
                ControllerGrpc.getControllerGetCapabilitiesMethod(),
                () -> Answer.done(capabilities()));
    new VolumeCalls(reception, parts).addTo(table);
    parts.find(Attachments.class).ifPresent(it -> new AttachmentCalls(reception, it).addTo(table));
    parts
        .find(VolumeListing.class)
        .ifPresent(it -> new ListingCalls(reception, parts, it).addTo(table));
    parts.find(Snapshots.class).ifPresent(it -> new SnapshotCalls(reception, it).addTo(table));
    parts.find(Expansion.class).ifPresent(it -> ChangeCalls.addExpansion(reception, it, table));
    parts
        .find(Modification.class)
        .ifPresent(it -> ChangeCalls.addModification(reception, it, table));
    parts.find(CapacityReport.class).ifPresent(it -> ChangeCalls.addCapacity(reception, it, table));
    parts.find(Health.class).ifPresent(it -> new HealthCalls(reception, it).addTo(table));
    return table.build();
  }

  private ServerServiceDefinition groups(GroupSnapshots groups) {
    var table =
        new ServiceTable(GroupControllerGrpc.SERVICE_NAME, calls)
            .earlyQuestion(
                GroupControllerGrpc.getGroupControllerGetCapabilitiesMethod(),
                () -> Answer.done(groupCapabilities()));
    new GroupCalls(reception, groups).addTo(table);
    return table.build();
  }

  private ServerServiceDefinition metadata(ChangedBlocks blocks) {
    var table = new ServiceTable(SnapshotMetadataGrpc.SERVICE_NAME, calls);
    new BlockCalls(reception, blocks).addTo(table);
    return table.build();
  }

  private ControllerGetCapabilitiesResponse capabilities() {
    var reply = ControllerGetCapabilitiesResponse.newBuilder();
    for (var type : types()) {
      reply.addCapabilities(
          ControllerServiceCapability.newBuilder().setRpc(RPC.newBuilder().setType(type)));
    }
    return reply.build();
  }

  private Set<RPC.Type> types() {
    var types = EnumSet.of(RPC.Type.CREATE_DELETE_VOLUME);
    addWhen(parts.has(Attachments.class), types, RPC.Type.PUBLISH_UNPUBLISH_VOLUME);
    addWhen(parts.has(VolumeListing.class), types, RPC.Type.LIST_VOLUMES);
    addWhen(
        parts.has(VolumeListing.class) && parts.has(Attachments.class),
        types,
        RPC.Type.LIST_VOLUMES_PUBLISHED_NODES);
    addWhen(
        parts.has(VolumeListing.class) && reception.has(Trait.GET_VOLUME),
        types,
        RPC.Type.GET_VOLUME);
    addWhen(parts.has(Snapshots.class), types, RPC.Type.CREATE_DELETE_SNAPSHOT);
    addWhen(
        parts.has(Snapshots.class) && !reception.has(Trait.NO_SNAPSHOT_LISTING),
        types,
        RPC.Type.LIST_SNAPSHOTS);
    addWhen(
        parts.has(Snapshots.class) && reception.has(Trait.GET_SNAPSHOT),
        types,
        RPC.Type.GET_SNAPSHOT);
    addWhen(parts.has(Expansion.class), types, RPC.Type.EXPAND_VOLUME);
    addWhen(parts.has(Modification.class), types, RPC.Type.MODIFY_VOLUME);
    addWhen(parts.has(CapacityReport.class), types, RPC.Type.GET_CAPACITY);
    addWhen(
        parts.has(Health.class), types, RPC.Type.GET_VOLUME_HEALTH, RPC.Type.LIST_VOLUME_HEALTH);
    addWhen(
        parts.has(Health.class) && parts.has(VolumeListing.class),
        types,
        RPC.Type.VOLUME_CONDITION);
    addWhen(reception.has(Trait.CLONE), types, RPC.Type.CLONE_VOLUME);
    addWhen(reception.has(Trait.ATTACH_READ_ONLY), types, RPC.Type.PUBLISH_READONLY);
    addWhen(
        reception.has(Trait.SINGLE_NODE_MULTI_WRITER), types, RPC.Type.SINGLE_NODE_MULTI_WRITER);
    return types;
  }

  private static void addWhen(boolean offered, Set<RPC.Type> types, RPC.Type... added) {
    if (offered) {
      types.addAll(List.of(added));
    }
  }

  private static GroupControllerGetCapabilitiesResponse groupCapabilities() {
    return GroupControllerGetCapabilitiesResponse.newBuilder()
        .addCapabilities(
            GroupControllerServiceCapability.newBuilder()
                .setRpc(
                    GroupControllerServiceCapability.RPC
                        .newBuilder()
                        .setType(
                            GroupControllerServiceCapability.RPC
                                .Type
                                .CREATE_DELETE_GET_VOLUME_GROUP_SNAPSHOT)))
        .build();
  }
}
