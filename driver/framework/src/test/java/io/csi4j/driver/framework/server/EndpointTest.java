package io.csi4j.driver.framework.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** driver.md 1. */
class EndpointTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"unix:///run/csi/csi.sock", "unix:/run/csi/csi.sock", "/run/csi/csi.sock"})
  void given_a_form_that_is_in_use_then_the_path_is_read(String text) {
    assertThat(Endpoint.parse(text)).isEqualTo(new Endpoint(Path.of("/run/csi/csi.sock")));
  }

  @Test
  void given_anything_else_then_it_says_what_is_allowed() {
    assertThatThrownBy(() -> Endpoint.parse("csi.sock"))
        .hasMessageContaining("unix:///an/absolute/path.sock");
  }
}
