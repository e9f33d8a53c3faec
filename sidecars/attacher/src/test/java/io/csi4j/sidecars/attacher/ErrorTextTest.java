package io.csi4j.sidecars.attacher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenario 102: the API server takes 1024 bytes. */
class ErrorTextTest {
  private static final int BYTES_MAX = 1024;

  @Test
  void given_a_message_that_just_fits_then_it_is_kept() {
    var message = "é".repeat(BYTES_MAX / 2);

    assertThat(ErrorText.fit(message)).isEqualTo(message);
    assertThat(ErrorText.fit("")).isEmpty();
  }

  @Test
  void given_one_byte_too_many_then_head_and_tail_are_kept_and_the_cut_is_marked() {
    var message = "head" + "x".repeat(BYTES_MAX - 7) + "tail";

    var fitted = ErrorText.fit(message);

    assertThat(fitted).startsWith("headxx").contains(" [...] ").endsWith("xxtail");
    assertThat(bytes(fitted)).isBetween(BYTES_MAX - 8, BYTES_MAX);
  }

  /** Characters of one, two, three and four bytes, cut at every offset that they can have. */
  @ParameterizedTest
  @ValueSource(strings = {"x", "é", "語", "\uD83D\uDCBE"})
  void given_any_character_at_the_cut_then_none_is_halved(String character) {
    for (var before = 0; before < 4; before++) {
      for (var after = 0; after < 4; after++) {
        var message = "a".repeat(before) + character.repeat(BYTES_MAX) + "z".repeat(after);

        var fitted = ErrorText.fit(message);

        assertThat(bytes(fitted)).isBetween(BYTES_MAX - 8, BYTES_MAX);
        assertThat(fitted.replaceFirst(" \\[\\.\\.\\.] ", ""))
            .matches("a{%d}(%s)+z{%d}".formatted(before, character, after));
      }
    }
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
