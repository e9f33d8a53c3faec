package io.csi4j.sidecars.kit.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TogetherTest {
  private final List<String> told = new ArrayList<>();

  @Test
  void given_two_then_they_start_in_their_order_and_close_in_the_reverse() {
    var both = Together.of(List.of(() -> controllers("a"), () -> controllers("b")));

    both.start();
    both.close();

    assertThat(told).containsExactly("start a", "start b", "close b", "close a");
  }

  @Test
  void given_the_second_cannot_be_built_then_the_first_is_closed() {
    assertThatThrownBy(() -> Together.of(List.of(() -> controllers("a"), TogetherTest::broken)))
        .hasMessage("broken");

    assertThat(told).containsExactly("close a");
  }

  private static Controllers broken() {
    throw new IllegalStateException("broken");
  }

  private Controllers controllers(String name) {
    return new Controllers() {
      @Override
      public void start() {
        told.add("start " + name);
      }

      @Override
      public void close() {
        told.add("close " + name);
      }
    };
  }
}
