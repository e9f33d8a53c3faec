package io.csi4j.driver.framework.locks;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.driver.framework.locks.KeyLocks.Attempt;
import java.util.Collections;
import java.util.HashMap;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** driver.md 2.4. */
class KeyLocksTest {
  private final KeyLocks locks = new KeyLocks();

  @Test
  void given_a_volume_in_work_when_locked_again_then_busy() {
    locks.tryLock(Keys.none().volume("v1"));

    assertThat(locks.tryLock(Keys.none().volume("v1"))).isEqualTo(new Attempt.Busy("volume v1"));
  }

  @Test
  void given_a_volume_in_work_when_another_is_locked_then_it_is() {
    locks.tryLock(Keys.none().volume("v1"));

    assertThat(locks.tryLock(Keys.none().volume("v2"))).isInstanceOf(Attempt.Locked.class);
  }

  @Test
  void given_a_released_volume_when_locked_then_it_is() {
    lock(Keys.none().volume("v1")).close();

    assertThat(locks.tryLock(Keys.none().volume("v1"))).isInstanceOf(Attempt.Locked.class);
  }

  @Test
  void given_a_source_when_shared_by_two_then_both_hold_it_and_nobody_may_change_it() {
    lock(Keys.none().volumeShared("v1"));
    lock(Keys.none().volumeShared("v1"));

    assertThat(locks.tryLock(Keys.none().volume("v1"))).isInstanceOf(Attempt.Busy.class);
  }

  @Test
  void given_one_of_several_keys_busy_when_locked_then_none_is_taken() {
    var first = lock(Keys.none().volume("v2"));
    locks.tryLock(Keys.none().volume("v1").volume("v2"));
    first.close();

    assertThat(locks.tryLock(Keys.none().volume("v1").volume("v2")))
        .isInstanceOf(Attempt.Locked.class);
  }

  @Test
  void given_a_hold_closed_twice_then_a_later_holder_keeps_it() {
    var early = lock(Keys.none().volume("v1"));
    early.close();
    lock(Keys.none().volume("v1"));

    early.close();

    assertThat(locks.tryLock(Keys.none().volume("v1"))).isInstanceOf(Attempt.Busy.class);
  }

  /** Against the simplest model: counts of holders. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void given_random_calls_then_no_two_hold_what_one_needs_alone(long seed) {
    var random = new Random(seed);
    var holds = new HashMap<KeyLocks.Hold, Keys>();
    for (var step = 0; step < 20 + seed; step++) {
      if (!holds.isEmpty() && random.nextBoolean()) {
        var hold = holds.keySet().iterator().next();
        hold.close();
        holds.remove(hold);
      }
      var keys = Keys.none();
      for (var n = random.nextInt(3); n >= 0; n--) {
        var id = "v" + random.nextInt(4);
        keys = random.nextBoolean() ? keys.volume(id) : keys.volumeShared(id);
      }
      if (locks.tryLock(keys) instanceof Attempt.Locked(var hold)) {
        var wanted = keys;
        assertThat(holds.values()).noneMatch(held -> contradict(held, wanted));
        holds.put(hold, keys);
      }
    }
    holds.keySet().forEach(KeyLocks.Hold::close);
    assertThat(locks.tryLock(Keys.none().volume("v0").volume("v1").volume("v2").volume("v3")))
        .isInstanceOf(Attempt.Locked.class);
  }

  static LongStream seeds() {
    return LongStream.range(0, 100);
  }

  private static boolean contradict(Keys held, Keys wanted) {
    return !Collections.disjoint(held.exclusive(), wanted.exclusive())
        || !Collections.disjoint(held.exclusive(), wanted.shared())
        || !Collections.disjoint(held.shared(), wanted.exclusive());
  }

  private KeyLocks.Hold lock(Keys keys) {
    return switch (locks.tryLock(keys)) {
      case Attempt.Locked(var hold) -> hold;
      case Attempt.Busy(var key) -> throw new AssertionError(key);
    };
  }
}
