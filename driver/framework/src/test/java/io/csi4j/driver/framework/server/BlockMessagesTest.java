package io.csi4j.driver.framework.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.driver.spi.ChangedBlocks.BlockMap;
import io.csi4j.driver.spi.ChangedBlocks.Range;
import io.csi4j.proto.csi.v1.BlockMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** driver.md 6. */
class BlockMessagesTest {
  private static final List<Range> RANGES = List.of(new Range(0, 12), new Range(20, 8));

  @Test
  void given_any_size_then_ranges_go_out_as_they_are() {
    assertThat(messages(0, 0, 10)).containsExactly(List.of(entry(0, 12), entry(20, 8)));
  }

  @Test
  void given_a_fixed_size_then_ranges_are_cut_and_messages_are_no_longer_than_asked_for() {
    assertThat(messages(4, 0, 2))
        .containsExactly(
            List.of(entry(0, 4), entry(4, 4)),
            List.of(entry(8, 4), entry(20, 4)),
            List.of(entry(24, 4)));
  }

  /** Number 12 of driver.md 13.4: an offset within a block does not shift the blocks. */
  @Test
  void given_an_offset_then_what_ends_in_front_of_it_is_left_out() {
    assertThat(messages(4, 9, 10))
        .containsExactly(List.of(entry(8, 4), entry(20, 4), entry(24, 4)));
    assertThat(messages(4, 12, 10)).containsExactly(List.of(entry(20, 4), entry(24, 4)));
    assertThat(messages(4, 28, 10)).isEmpty();
  }

  private static List<List<BlockMetadata>> messages(long blockBytes, long offset, int entriesMax) {
    var map = new BlockMap(40, blockBytes, RANGES.iterator());
    var messages =
        new BlockMessages<List<BlockMetadata>>(map, offset, entriesMax, Function.identity());
    List<List<BlockMetadata>> all = new ArrayList<>();
    messages.forEachRemaining(all::add);
    return all;
  }

  private static BlockMetadata entry(long offset, long bytes) {
    return BlockMetadata.newBuilder().setByteOffset(offset).setSizeBytes(bytes).build();
  }
}
