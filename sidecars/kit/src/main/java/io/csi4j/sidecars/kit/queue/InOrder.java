package io.csi4j.sidecars.kit.queue;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** First come, first served, by so many at once. */
public final class InOrder<K> implements Turns<K> {
  private final int workersMax;
  private final boolean leavesRest;
  private final Deque<K> waiting = new ArrayDeque<>();
  private int working;

  public InOrder(int workersMax) {
    this(workersMax, false);
  }

  private InOrder(int workersMax, boolean leavesRest) {
    this.workersMax = workersMax;
    this.leavesRest = leavesRest;
  }

  /** When it closes, only what is in hand is finished: the rest is soon somebody else's work. */
  public static <K> InOrder<K> leavingRest(int workersMax) {
    return new InOrder<>(workersMax, true);
  }

  @Override
  public void add(K key) {
    waiting.addLast(key);
  }

  @Override
  public boolean ready() {
    return working < workersMax && !waiting.isEmpty();
  }

  @Override
  public @Nullable K next() {
    if (!ready()) {
      return null;
    }
    working++;
    return waiting.pollFirst();
  }

  @Override
  public void done(K key) {
    working--;
  }

  @Override
  public void close() {
    if (leavesRest) {
      waiting.clear();
    }
  }

  @Override
  public int waiting() {
    return waiting.size();
  }
}
