package io.csi4j.driver.spi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DeviceNumberTest {

  @Test
  void given_a_packed_number_then_major_and_minor_come_out() {
    assertThat(DeviceNumber.ofPacked(0x703)).isEqualTo(new DeviceNumber(7, 3));
    assertThat(DeviceNumber.ofPacked(0xfe00)).isEqualTo(new DeviceNumber(254, 0));
  }

  @Test
  void given_a_minor_above_255_then_its_upper_bits_count() {
    // Device 7:300: minor 0x12c is split into 0x2c at the bottom and 0x1 at bit 20.
    assertThat(DeviceNumber.ofPacked(0x10072c)).isEqualTo(new DeviceNumber(7, 300));
  }

  @Test
  void when_printed_then_it_reads_as_in_mountinfo() {
    assertThat(new DeviceNumber(7, 3)).hasToString("7:3");
    assertThat(DeviceNumber.parse("7:3")).isEqualTo(new DeviceNumber(7, 3));
  }
}
