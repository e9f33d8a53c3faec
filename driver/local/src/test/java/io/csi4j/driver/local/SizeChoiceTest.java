package io.csi4j.driver.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.driver.spi.BlockDevices.Content;
import io.csi4j.driver.spi.CapacityRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** driver.md 4.1, "size choice"; its 13.4 number 9. */
class SizeChoiceTest {
  private static final long MAX = 1L << 40;

  @ParameterizedTest
  @CsvSource({
    "10737418240, 10737418240, 10737418240",
    "1073741824, 0, 1073741824",
    "1073741825, 0, 1073745920",
    "0, 0, 1073741824",
    "0, 5000000, 4997120",
    "1, 0, 1048576",
    "1000000, 1048576, 1048576",
    "1099511627776, 0, 1099511627776"
  })
  void given_a_range_then_the_size_is_in_it(long required, long limit, long size) {
    assertThat(choose(required, limit, new Content.FileSystem("ext4")))
        .isEqualTo(new SizeChoice.Chosen(size));
  }

  @ParameterizedTest
  @CsvSource({
    "1048577, 1048578",
    "1, 1000000",
    "0, 1000000",
    "1099511627777, 0",
    "1099511627777, 1099511627777"
  })
  void given_no_size_in_the_range_then_out_of_range(long required, long limit) {
    assertThat(choose(required, limit, new Content.FileSystem("ext4")))
        .isInstanceOf(SizeChoice.OutOfRange.class);
  }

  @ParameterizedTest
  @CsvSource({"1, 0, 4096", "0, 4096, 4096", "8192, 8192, 8192"})
  void given_a_raw_volume_then_a_block_is_enough(long required, long limit, long size) {
    assertThat(choose(required, limit, new Content.Raw())).isEqualTo(new SizeChoice.Chosen(size));
  }

  /** Number 10 of driver.md 13.4: shrinking does not exist, and a limit is one. */
  @ParameterizedTest
  @CsvSource({"1048576, 0, 8388608", "8388608, 8388608, 8388608", "8388609, 0, 8392704"})
  void given_a_volume_when_grown_then_it_never_shrinks(long required, long limit, long size) {
    assertThat(SizeChoice.grown(new CapacityRange(required, limit), 8L << 20, MAX))
        .isEqualTo(new SizeChoice.Chosen(size));
  }

  @ParameterizedTest
  @CsvSource({"1048576, 2097152", "0, 4096", "1099511627777, 0"})
  void given_a_volume_when_it_cannot_become_so_then_out_of_range(long required, long limit) {
    assertThat(SizeChoice.grown(new CapacityRange(required, limit), 8L << 20, MAX))
        .isInstanceOf(SizeChoice.OutOfRange.class);
  }

  private static SizeChoice choose(long required, long limit, Content content) {
    return SizeChoice.of(
        new CapacityRange(required, limit), new SizeChoice.Limits(content, 0, MAX));
  }
}
