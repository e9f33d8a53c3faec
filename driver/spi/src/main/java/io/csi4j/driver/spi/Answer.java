package io.csi4j.driver.spi;

import java.util.function.Function;

/**
 * What came of a call. A backend that throws instead has a bug, and the caller reads "internal
 * error".
 */
public sealed interface Answer<T> {

  /** Finished; the work is durable. */
  record Done<T>(T value) implements Answer<T> {}

  /** Not done. {@code message} says what was tried, on which object, and what is allowed. */
  record Refused<T>(Reason reason, String message) implements Answer<T> {

    /** The same refusal for a call that would have brought something else. */
    public <U> Refused<U> as() {
      return new Refused<>(reason, message);
    }
  }

  /** For calls that bring nothing but their success. */
  enum Nothing {
    NOTHING
  }

  static Answer<Nothing> done() {
    return new Done<>(Nothing.NOTHING);
  }

  static <T> Answer<T> done(T value) {
    return new Done<>(value);
  }

  static <T> Answer<T> refused(Reason reason, String message) {
    return new Refused<>(reason, message);
  }

  /** Turns the value of a success into another one. */
  default <U> Answer<U> map(Function<T, U> change) {
    return then(value -> new Done<>(change.apply(value)));
  }

  /** Goes on with {@code next} after a success. */
  default <U> Answer<U> then(Function<T, Answer<U>> next) {
    return switch (this) {
      case Done<T>(var value) -> next.apply(value);
      case Refused<T> refused -> refused.as();
    };
  }
}
