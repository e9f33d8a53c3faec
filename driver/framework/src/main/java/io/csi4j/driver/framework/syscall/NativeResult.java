package io.csi4j.driver.framework.syscall;

import java.util.function.Function;

/** What a call into the kernel brought. */
public sealed interface NativeResult<T> {

  /** It worked. */
  record Value<T>(T value) implements NativeResult<T> {}

  /** It did not; {@code attempt} says what was tried, on which object. */
  record Failed<T>(String attempt, Errno errno) implements NativeResult<T> {

    public String message() {
      return attempt + ": " + errno;
    }

    /** The same failure of a call that should have brought something else. */
    <U> Failed<U> as() {
      return new Failed<>(attempt, errno);
    }
  }

  /** Goes on with {@code next} after a success. */
  default <U> NativeResult<U> then(Function<T, NativeResult<U>> next) {
    return switch (this) {
      case Value<T>(var value) -> next.apply(value);
      case Failed<T> failed -> failed.as();
    };
  }
}
