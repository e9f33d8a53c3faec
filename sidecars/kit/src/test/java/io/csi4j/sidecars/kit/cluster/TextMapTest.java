package io.csi4j.sidecars.kit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TextMapTest {

  @Test
  void given_texts_then_they_are_a_map_in_their_order_that_nobody_changes() throws Exception {
    var map = texts("{\"z\":\"1\",\"a\":\"2\",\"m\":null}");

    assertThat(map).isEqualTo(Map.of("a", "2", "z", "1", "m", ""));
    assertThat(Map.of("a", "2", "z", "1", "m", "")).isEqualTo(map);
    assertThat(map.keySet()).containsExactly("z", "a", "m");
    assertThat(map.get("a")).isEqualTo("2");
    assertThat(map.get("b")).isNull();
    assertThat(map.getOrDefault("b", "none")).isEqualTo("none");
    assertThat(map.containsKey("m")).isTrue();
    assertThat(map.containsKey("1")).isFalse();
    assertThatThrownBy(() -> map.put("a", "3")).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> map.remove("a")).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void given_the_same_value_in_two_objects_then_it_is_kept_once() throws Exception {
    var one = texts("{\"by\":\"disk.example.com\"}").get("by");
    var other = texts("{\"by\":\"disk.example.com\"}").get("by");

    assertThat(one).isSameAs(other);
  }

  private static Map<String, String> texts(String text) throws IOException {
    try (var json = new JsonFactory().createParser(text)) {
      json.nextToken();
      return Fields.texts(json, _ -> true);
    }
  }
}
