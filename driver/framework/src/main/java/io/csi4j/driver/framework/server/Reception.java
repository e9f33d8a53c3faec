package io.csi4j.driver.framework.server;

import io.csi4j.driver.framework.locks.KeyLocks;
import io.csi4j.driver.framework.locks.Keys;
import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Plugin;
import io.csi4j.driver.spi.Reason;
import io.csi4j.driver.spi.Trait;
import java.util.function.Supplier;

/** What stands between a request and the driver's parts: checks of its fields, and locks. */
record Reception(Plugin plugin, KeyLocks locks) {

  boolean has(Trait trait) {
    return plugin.has(trait);
  }

  FieldChecks checks() {
    return new FieldChecks(plugin.traits());
  }

  /** Runs work under its locks, or says at once that another call holds one. */
  <R> Answer<R> locked(Keys keys, Supplier<Answer<R>> work) {
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
