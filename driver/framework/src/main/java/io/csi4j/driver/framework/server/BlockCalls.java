package io.csi4j.driver.framework.server;

import io.csi4j.driver.framework.server.ServiceTable.Subject;
import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.ChangedBlocks;
import io.csi4j.driver.spi.ChangedBlocks.BlockMap;
import io.csi4j.driver.spi.Reason;
import io.csi4j.proto.csi.v1.BlockMetadata;
import io.csi4j.proto.csi.v1.BlockMetadataType;
import io.csi4j.proto.csi.v1.GetMetadataAllocatedRequest;
import io.csi4j.proto.csi.v1.GetMetadataAllocatedResponse;
import io.csi4j.proto.csi.v1.GetMetadataDeltaRequest;
import io.csi4j.proto.csi.v1.GetMetadataDeltaResponse;
import io.csi4j.proto.csi.v1.SnapshotMetadataGrpc;
import java.util.List;
import java.util.function.Function;

/** Telling a backup what it has to read. */
final class BlockCalls {
  /** Entries in a message when the caller does not say. */
  private static final int ENTRIES_DEFAULT = 256;

  /** And however much the caller says: some 16 bytes each, a message must stay below 4 MiB. */
  private static final int ENTRIES_MAX = 65_536;

  private final Reception reception;
  private final ChangedBlocks blocks;

  /** From where to read, and how much goes into one message. */
  private record Window(long startingOffset, int entriesMax) {}

  BlockCalls(Reception reception, ChangedBlocks blocks) {
    this.reception = reception;
    this.blocks = blocks;
  }

  void addTo(ServiceTable table) {
    table.stream(
        SnapshotMetadataGrpc.getGetMetadataAllocatedMethod(),
        Subject.snapshot(GetMetadataAllocatedRequest::getSnapshotId),
        request ->
            reception
                .checks()
                .id("snapshot_id", request.getSnapshotId())
                .notNegative("max_results", request.getMaxResults())
                .then(() -> blocks.allocated(request.getSnapshotId()))
                .then(
                    map ->
                        stream(
                            map,
                            new Window(request.getStartingOffset(), request.getMaxResults()),
                            entries -> allocated(map, entries))))
        .stream(
            SnapshotMetadataGrpc.getGetMetadataDeltaMethod(),
            Subject.snapshot(GetMetadataDeltaRequest::getTargetSnapshotId),
            request ->
                reception
                    .checks()
                    .id("base_snapshot_id", request.getBaseSnapshotId())
                    .id("target_snapshot_id", request.getTargetSnapshotId())
                    .notNegative("max_results", request.getMaxResults())
                    .then(
                        () ->
                            blocks.changed(
                                request.getBaseSnapshotId(), request.getTargetSnapshotId()))
                    .then(
                        map ->
                            stream(
                                map,
                                new Window(request.getStartingOffset(), request.getMaxResults()),
                                entries -> delta(map, entries))));
  }

  private static <R> Answer<MessageStream<R>> stream(
      BlockMap map, Window window, Function<List<BlockMetadata>, R> message) {
    if (window.startingOffset() < 0 || window.startingOffset() > map.capacityBytes()) {
      return Answer.refused(
          Reason.OUT_OF_RANGE,
          "starting_offset %d is not between 0 and the capacity, %d"
              .formatted(window.startingOffset(), map.capacityBytes()));
    }
    var entriesMax =
        window.entriesMax() == 0 ? ENTRIES_DEFAULT : Math.min(window.entriesMax(), ENTRIES_MAX);
    var messages = new BlockMessages<>(map, window.startingOffset(), entriesMax, message);
    return Answer.done(new MessageStream<>(messages));
  }

  private static GetMetadataAllocatedResponse allocated(BlockMap map, List<BlockMetadata> entries) {
    return GetMetadataAllocatedResponse.newBuilder()
        .setBlockMetadataType(type(map))
        .setVolumeCapacityBytes(map.capacityBytes())
        .addAllBlockMetadata(entries)
        .build();
  }

  private static GetMetadataDeltaResponse delta(BlockMap map, List<BlockMetadata> entries) {
    return GetMetadataDeltaResponse.newBuilder()
        .setBlockMetadataType(type(map))
        .setVolumeCapacityBytes(map.capacityBytes())
        .addAllBlockMetadata(entries)
        .build();
  }

  private static BlockMetadataType type(BlockMap map) {
    return map.blockBytes() > 0
        ? BlockMetadataType.FIXED_LENGTH
        : BlockMetadataType.VARIABLE_LENGTH;
  }
}
