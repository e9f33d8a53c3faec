package io.csi4j.driver.framework.server;

import io.csi4j.driver.spi.ChangedBlocks.BlockMap;
import io.csi4j.driver.spi.ChangedBlocks.Range;
import io.csi4j.proto.csi.v1.BlockMetadata;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a stream of ranges: ranges in front of the starting offset are left out, those of
 * a fixed size are cut on the way.
 */
final class BlockMessages<R> implements Iterator<R> {
  private final BlockMap map;
  private final long startingOffset;
  private final int entriesMax;
  private final Function<List<BlockMetadata>, R> message;

  /** What is left of the range that is being sent; null before the first and behind the last. */
  private @Nullable Range current;

  BlockMessages(
      BlockMap map, long startingOffset, int entriesMax, Function<List<BlockMetadata>, R> message) {
    this.map = map;
    this.startingOffset = startingOffset;
    this.entriesMax = entriesMax;
    this.message = message;
    this.current = nextRange();
  }

  @Override
  public boolean hasNext() {
    return current != null;
  }

  @Override
  public R next() {
    if (current == null) {
      throw new NoSuchElementException();
    }
    List<BlockMetadata> entries = new ArrayList<>();
    for (var range = current; range != null && entries.size() < entriesMax; range = current) {
      var bytes = map.blockBytes() > 0 ? Math.min(map.blockBytes(), range.bytes()) : range.bytes();
      entries.add(
          BlockMetadata.newBuilder().setByteOffset(range.offset()).setSizeBytes(bytes).build());
      current =
          bytes < range.bytes()
              ? new Range(range.offset() + bytes, range.bytes() - bytes)
              : nextRange();
    }
    return message.apply(entries);
  }

  private @Nullable Range nextRange() {
    while (map.ranges().hasNext()) {
      var range = map.ranges().next();
      if (range.end() > startingOffset) {
        return behindStart(range);
      }
    }
    return null;
  }

  /** A range that reaches over the offset begins at its block there. */
  private Range behindStart(Range range) {
    if (map.blockBytes() == 0 || range.offset() >= startingOffset) {
      return range;
    }
    var blocks = (startingOffset - range.offset()) / map.blockBytes();
    var from = range.offset() + blocks * map.blockBytes();
    return new Range(from, range.end() - from);
  }
}
