package io.csi4j.sidecars.kit.queue;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.sidecars.kit.time.ManualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A queue whose order is not its own. */
class TurnsTest {
  private final ManualTime time = new ManualTime();
  private final List<String> begun = new ArrayList<>();
  private int workingMost;
  private int working;

  private final WorkQueue<String> queue =
      new WorkQueue<>("test", time, new Alphabetical(), this::work, QueueObserver.NOBODY);

  @Test
  void given_keys_in_any_order_then_turns_say_which_comes_first() {
    List.of("c", "a", "b").forEach(queue::add);

    queue.start();
    time.pass(ofSeconds(10));

    assertThat(begun).containsExactly("a", "b", "c");
  }

  @Test
  void given_turns_for_two_at_once_then_no_third_is_begun_and_none_is_forgotten() {
    queue.start();
    List.of("a", "b", "c", "d", "e").forEach(queue::add);

    time.pass(ofSeconds(1));
    assertThat(begun).containsExactly("a", "b", "c", "d");
    time.pass(ofSeconds(10));

    assertThat(begun).containsExactly("a", "b", "c", "d", "e");
    assertThat(workingMost).isEqualTo(2);
  }

  @Test
  void given_turns_that_forget_at_the_end_then_only_what_is_in_hand_is_finished() {
    queue.start();
    List.of("a", "b", "c").forEach(queue::add);
    time.settle();

    queue.close();
    time.pass(ofSeconds(10));

    assertThat(begun).containsExactly("a", "b");
    assertThat(queue.depth()).isZero();
  }

  private void work(String key) {
    begun.add(key);
    workingMost = Math.max(workingMost, ++working);
    time.sleep(ofSeconds(1));
    working--;
  }

  /** Two at once. */
  private static final class Alphabetical implements Turns<String> {
    private final TreeSet<String> waiting = new TreeSet<>();
    private int working;

    @Override
    public void add(String key) {
      waiting.add(key);
    }

    @Override
    public boolean ready() {
      return working < 2 && !waiting.isEmpty();
    }

    @Override
    public @Nullable String next() {
      if (!ready()) {
        return null;
      }
      working++;
      return waiting.pollFirst();
    }

    @Override
    public void done(String key) {
      working--;
    }

    @Override
    public int waiting() {
      return waiting.size();
    }

    @Override
    public void close() {
      waiting.clear();
    }
  }
}
