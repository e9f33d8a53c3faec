package io.csi4j.sidecars.kit.cluster;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A small map of texts in the order in which they came, all in one array. Every object in a table
 * has two or three of them, and a hash table is four times as large.
 */
final class TextMap extends AbstractMap<String, String> {

  /** Key, value, key, value. */
  private final String[] pairs;

  private TextMap(String[] pairs) {
    this.pairs = pairs;
  }

  static Map<String, String> of(List<String> pairs) {
    return pairs.isEmpty() ? Map.of() : new TextMap(pairs.toArray(String[]::new));
  }

  @Override
  public int size() {
    return pairs.length / 2;
  }

  @Override
  public @Nullable String get(@Nullable Object key) {
    for (var i = 0; i < pairs.length; i += 2) {
      if (pairs[i].equals(key)) {
        return pairs[i + 1];
      }
    }
    return null;
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return get(key) != null;
  }

  @Override
  public Set<Map.Entry<String, String>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public Iterator<Map.Entry<String, String>> iterator() {
        return IntStream.range(0, TextMap.this.size())
            .mapToObj(i -> Map.entry(pairs[2 * i], pairs[2 * i + 1]))
            .iterator();
      }

      @Override
      public int size() {
        return TextMap.this.size();
      }
    };
  }
}
