package io.csi4j.driver.framework.server;

import io.csi4j.driver.framework.locks.KeyLocks;
import io.csi4j.driver.framework.locks.Keys;
import io.csi4j.driver.framework.spi.Answer;
import io.csi4j.driver.framework.spi.Reason;
import java.util.function.Supplier;

/** Runs work under its locks, or says at once that another call holds one. */
final class LockedWork {
  private LockedWork() {}

  static <R> Answer<R> run(KeyLocks locks, Keys keys, Supplier<Answer<R>> work) {
    return switch (locks.tryLock(keys)) {
      case KeyLocks.Attempt.Busy(var key) ->
          Answer.refused(Reason.ABORTED, "another call for %s is running".formatted(key));
      case KeyLocks.Attempt.Locked(var hold) -> {
        try (hold) {
          yield work.get();
        }
      }
    };
  }
}
