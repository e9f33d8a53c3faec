package io.csi4j.sidecars.kit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {

  @ParameterizedTest
  @CsvSource({
    "1Gi, 1073741824",
    "100, 100",
    "1k, 1000",
    "1.5Gi, 1610612736",
    "1e9, 1000000000",
    "1E3, 1000",
    "1E, 1000000000000000000",
    "100m, 1",
    "1500m, 2",
    "0, 0",
    "9999Ei, 9223372036854775807"
  })
  void given_any_form_then_it_is_read_in_whole_bytes_rounded_up(String quantity, long bytes) {
    assertThat(Quantity.bytes(quantity)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "1073741824, 1Gi",
    "100, 100",
    "1500000000, 1500000000",
    "0, 0",
    "1024, 1Ki",
    "1536, 1536",
    "1152921504606846976, 1Ei"
  })
  void given_bytes_then_the_canonical_form_is_written(long bytes, String quantity) {
    assertThat(Quantity.ofBytes(bytes)).isEqualTo(quantity);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Gi", "1Xi", "one"})
  void given_no_quantity_then_the_text_is_named(String text) {
    assertThatThrownBy(() -> Quantity.bytes(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not a quantity");
  }
}
