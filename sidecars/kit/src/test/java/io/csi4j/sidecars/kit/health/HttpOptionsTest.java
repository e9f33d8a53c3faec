package io.csi4j.sidecars.kit.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.csi4j.sidecars.kit.component.Component.Fatal;
import io.csi4j.sidecars.kit.options.Flags;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The HTTP flags that all controllers share. */
class HttpOptionsTest {

  /** B18 80: ends with exit code 1, as the Go tools do. */
  @Test
  void given_both_addresses_when_read_then_the_process_ends() {
    assertThatThrownBy(() -> read("--metrics-address=:8080", "--http-endpoint=:8081"))
        .isInstanceOf(Fatal.class)
        .hasMessage("only one of --http-endpoint and --metrics-address can be given");
  }

  @Test
  void given_the_old_address_when_read_then_health_is_not_served_there() {
    assertThat(read("--metrics-address=:8080").healthToo()).isFalse();
    assertThat(read("--http-endpoint=:8080").healthToo()).isTrue();
  }

  private static HttpOptions read(String... args) {
    return HttpOptions.from(Flags.parse(List.of(args)));
  }
}
