package io.csi4j.sidecars.kit.csi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.csi4j.proto.csi.v1.VolumeCapability.AccessMode.Mode;
import io.csi4j.sidecars.kit.csi.AccessModes.Dialect;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** B18 21: every row of the table of B6, both columns. */
class AccessModesTest {

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "ReadWriteOncePod, SINGLE_NODE_WRITER, SINGLE_NODE_SINGLE_WRITER",
        "ReadWriteOncePod+ReadWriteOnce, -, -",
        "ReadWriteOncePod+ReadWriteMany, -, -",
        "ReadWriteMany, MULTI_NODE_MULTI_WRITER, MULTI_NODE_MULTI_WRITER",
        "ReadWriteMany+ReadWriteOnce, MULTI_NODE_MULTI_WRITER, MULTI_NODE_MULTI_WRITER",
        "ReadWriteMany+ReadOnlyMany, MULTI_NODE_MULTI_WRITER, MULTI_NODE_MULTI_WRITER",
        "ReadOnlyMany+ReadWriteOnce, -, -",
        "ReadOnlyMany, MULTI_NODE_READER_ONLY, MULTI_NODE_READER_ONLY",
        "ReadWriteOnce, SINGLE_NODE_WRITER, SINGLE_NODE_MULTI_WRITER",
        "ReadWriteOnce+ReadWriteOnce, SINGLE_NODE_WRITER, SINGLE_NODE_MULTI_WRITER",
        "Unheard, -, -"
      })
  void given_modes_then_csi_says(String modes, Mode classic, Mode multiWriter) {
    check(List.of(modes.split("\\+", -1)), Dialect.CLASSIC, classic);
    check(List.of(modes.split("\\+", -1)), Dialect.SINGLE_NODE_MULTI_WRITER, multiWriter);
  }

  @ParameterizedTest
  @CsvSource({"CLASSIC", "SINGLE_NODE_MULTI_WRITER"})
  void given_no_mode_then_it_is_refused(Dialect dialect) {
    check(List.of(), dialect, null);
  }

  private static void check(
      List<String> modes, Dialect dialect, @org.jspecify.annotations.Nullable Mode expected) {
    if (expected == null) {
      assertThatThrownBy(() -> AccessModes.of(modes, dialect))
          .isInstanceOf(IllegalArgumentException.class);
    } else {
      assertThat(AccessModes.of(modes, dialect)).isEqualTo(expected);
    }
  }
}
