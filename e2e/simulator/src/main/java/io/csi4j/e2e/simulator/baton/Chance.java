package io.csi4j.e2e.simulator.baton;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Chance without memory: what is drawn depends on the seed and on what it is drawn for, not on what
 * was drawn before. So a run from which one fault is taken away keeps all others, which is what
 * makes failing runs shrink.
 */
public record Chance(long seed) {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  /** The same text has the same number in every process. */
  public static long number(String text) {
    var number = 0L;
    for (var i = 0; i < text.length(); i++) {
      number = number * 31 + text.charAt(i);
    }
    return number;
  }

  public long bits(long what, long time) {
    return mix(mix(mix(seed + GOLDEN) ^ what) + time * GOLDEN);
  }

  /** From 0 up to, and without, the bound. */
  public int below(int bound, long what, long time) {
    return (int) Math.unsignedMultiplyHigh(bits(what, time), bound);
  }

  /** A chance of its own, for a part that draws much. */
  public Chance of(String what) {
    return new Chance(bits(number(what), 0));
  }

  /** For code that wants a stream of numbers. */
  public RandomGenerator stream(String what) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(of(what).seed());
  }

  // The finishing step of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number
  // Generators).
  private static long mix(long bits) {
    var z = bits;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
