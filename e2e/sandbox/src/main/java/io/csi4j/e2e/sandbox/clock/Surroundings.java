package io.csi4j.e2e.sandbox.clock;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** What a sandbox takes from outside; a test may give its own. */
public record Surroundings(
    InstantSource instants, LongSupplier nanos, RandomGenerator random, Sleep sleep, Spawn spawn) {
  private static final String SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789";
  private static final int SUFFIX_LENGTH = 5;
  private static final long UUID_VERSION_4 = 0x4000L;
  private static final long UUID_VARIANT = 0x8000000000000000L;

  /** Waits. */
  @FunctionalInterface
  public interface Sleep {
    void sleep(Duration duration) throws InterruptedException;
  }

  /** Starts a thread that does not keep the program alive. */
  @FunctionalInterface
  public interface Spawn {
    Thread spawn(String name, Runnable work);
  }

  /** The machine's own. */
  public static Surroundings ofMachine() {
    return new Surroundings(
        Clock.systemUTC(),
        System::nanoTime,
        new SecureRandom(),
        Thread::sleep,
        (name, work) -> Thread.ofVirtual().name(name).start(work));
  }

  public String newUid() {
    var high = (random.nextLong() & ~0xF000L) | UUID_VERSION_4;
    var low = (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | UUID_VARIANT;
    return new UUID(high, low).toString();
  }

  /** What the API server appends to generateName. */
  public String newSuffix() {
    var suffix = new StringBuilder();
    for (var count = 0; count < SUFFIX_LENGTH; count++) {
      suffix.append(SUFFIX_LETTERS.charAt(random.nextInt(SUFFIX_LETTERS.length())));
    }
    return suffix.toString();
  }
}
