package io.csi4j.sidecars.kit.doors;

import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The newest records of one kind that this process knows. May lag behind the API server, own writes
 * included.
 */
public interface Table<T extends Resource> {

  @Nullable T get(ObjectKey key);

  List<T> all();

  /**
   * The records that {@code index}, given when the table was asked for, files under {@code value}.
   */
  List<T> by(Index<T> index, String value);

  /**
   * Calls {@code listener} for every change from now on, and once for each record that is already
   * here.
   */
  void onChange(Listener<T> listener);

  /** A way to find records other than by key; compared by name. */
  record Index<T>(String name, Function<T, Collection<String>> values) {}

  /**
   * Hears of changes on the table's own thread: it may map an object to keys and queue them, and
   * must not wait.
   */
  @FunctionalInterface
  interface Listener<T> {

    /** {@code before} is missing for a new object, {@code after} for one that is gone. */
    void changed(@Nullable T before, @Nullable T after);
  }
}
