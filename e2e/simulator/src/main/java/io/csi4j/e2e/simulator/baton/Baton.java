package io.csi4j.e2e.simulator.baton;

import io.csi4j.e2e.simulator.Crash;
import io.csi4j.sidecars.kit.doors.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler. Each fiber is a virtual thread, and the one that has the baton runs; it gives the
 * baton on when it waits, ends, or offers to by {@link #offer}, straight to the fiber that the
 * {@link Order} picks. Where none is ready the baton goes back to the <i>conductor</i>, the thread
 * that made all this: it lets time pass to the next timer, whose action runs on the conductor and
 * must not wait.
 *
 * <p>Nothing here is locked: the baton is the lock, and its hand-over by a volatile field is what
 * makes one fiber's work visible to the next. A fiber that waits while it holds a monitor which
 * another wants stops the world: a bug in it, which {@link #stacks} shows.
 *
 * <p>The conductor should be a virtual thread, too: two of them change places in 1 or 2 us, a
 * virtual and a platform thread in 40.
 */
public final class Baton implements AutoCloseable {
  private final Order order;
  private final Chance chance;
  private final long turnsMax;
  private final Thread conductor = Thread.currentThread();
  private final PriorityQueue<Due> timers =
      new PriorityQueue<>(Comparator.comparingLong(Due::nanos).thenComparingLong(Due::number));
  private final List<Life> lives = new ArrayList<>();
  private final List<Fiber> ready = new ArrayList<>();
  private final Map<String, Integer> names = new HashMap<>();

  private volatile boolean conducting;

  // All below belong to whoever has the baton.
  private @Nullable Fiber running;
  private @Nullable Throwable failure;
  private long nanos;
  private long numbers;
  private long turns;

  /** Made since time has passed last; times are whole milliseconds apart, so both add up. */
  private long choices;

  public Baton(Order order, Chance chance, long turnsMax) {
    this.order = order;
    this.chance = chance;
    this.turnsMax = turnsMax;
  }

  public Life life(String name) {
    var life = new Life(name);
    lives.add(life);
    return life;
  }

  /** The door to time for one process. */
  public Time time(Life life) {
    return new BatonTime(this, life, chance.stream(life.name()));
  }

  public long nanos() {
    return nanos;
  }

  /** Whose doing it is. */
  public String who() {
    return running == null ? "world" : running.name();
  }

  /** The process has died; the fiber that brings the news ends at its next {@link Life#check}. */
  public void end(Life life) {
    for (var fiber : life.end()) {
      wake(fiber);
    }
  }

  /** Others may run first. */
  public void offer() {
    var self = running;
    if (self == null || ready.isEmpty()) {
      return;
    }
    self.become(Fiber.State.READY);
    ready.addFirst(self);
    var next = choose();
    if (next == self && failure == null) {
      self.goOn();
      return;
    }
    give(next);
    self.awaitTurn();
  }

  /** On the conductor: lets fibers run and time pass until then. */
  public void passUntil(long end) {
    while (step(end)) {
      // Until nothing is left to do before the end.
    }
    nanos = Math.max(nanos, end);
  }

  /** When the next timer fires; the farthest future where there is none and nobody is ready. */
  public long nextNanos() {
    if (!ready.isEmpty()) {
      return nanos;
    }
    dropSilent();
    var next = timers.peek();
    return next == null ? Long.MAX_VALUE : next.nanos();
  }

  /** On the conductor: ends all fibers. */
  @Override
  public void close() {
    failure = null;
    turns = Long.MIN_VALUE;
    timers.clear();
    lives.forEach(this::end);
    while (!ready.isEmpty()) {
      conduct();
    }
  }

  /** What every fiber is doing, to be asked for when the world stands still; from any thread. */
  public String stacks() {
    var text = new StringBuilder();
    for (var life : List.copyOf(lives)) {
      for (var fiber : life.fibers()) {
        text.append(fiber.name()).append(' ').append(fiber.state()).append('\n');
        for (var frame : fiber.stack()) {
          text.append("    at ").append(frame).append('\n');
        }
      }
    }
    return text.toString();
  }

  private boolean step(long end) {
    if (failure != null) {
      rethrow(failure);
    }
    if (!ready.isEmpty()) {
      conduct();
      return true;
    }
    dropSilent();
    var next = timers.peek();
    if (next == null || next.nanos() > end) {
      return false;
    }
    timers.poll();
    if (next.nanos() > nanos) {
      nanos = next.nanos();
      choices = 0;
    }
    try {
      next.action().run();
    } catch (Crash _) {
      // The process whose timer it was has just died of it.
    }
    return true;
  }

  private void dropSilent() {
    for (var next = timers.peek(); next != null && next.silent(); next = timers.peek()) {
      timers.poll();
    }
  }

  private void conduct() {
    give(choose());
    while (!conducting) {
      LockSupport.park(this);
    }
    conducting = false;
    running = null;
  }

  private Fiber choose() {
    var best = 0;
    if (ready.size() > 1) {
      var lowest = Long.MAX_VALUE;
      var moment = nanos + choices++;
      for (var i = 0; i < ready.size(); i++) {
        var fiber = ready.get(i);
        var rank = order.rank(fiber.number(), fiber.turns(), moment);
        if (rank < lowest) {
          lowest = rank;
          best = i;
        }
      }
    }
    if (++turns > turnsMax && failure == null) {
      failure = new Restless(turnsMax);
    }
    return ready.remove(best);
  }

  private void give(Fiber next) {
    if (failure == null) {
      running = next;
      next.run();
    } else {
      ready.addFirst(next);
      giveBack();
    }
  }

  private void giveBack() {
    conducting = true;
    LockSupport.unpark(conductor);
  }

  private void giveOn() {
    if (ready.isEmpty()) {
      giveBack();
    } else {
      give(choose());
    }
  }

  void spawn(Life life, String name, Runnable body) {
    if (life.dead()) {
      return;
    }
    var whole = life.name() + "/" + name;
    var number = names.merge(whole, 1, Integer::sum);
    var fiber = new Fiber(whole + "#" + number, life, () -> live(body));
    life.add(fiber);
    ready.add(fiber);
  }

  // The outermost frame of a fiber.
  private void live(Runnable body) {
    var self = current();
    try {
      self.life().check();
      body.run();
    } catch (Crash e) {
      if (!self.life().dead()) {
        fail(e);
      }
    } catch (Throwable e) {
      fail(e);
    }
    self.become(Fiber.State.ENDED);
    self.life().remove(self);
    giveOn();
  }

  private void fail(Throwable e) {
    if (failure == null) {
      failure = e;
    }
  }

  Time.Timer after(Life life, Duration delay, Runnable action) {
    var due = new Due(nanos + Math.max(0, delay.toNanos()), numbers++, life, action);
    if (!life.dead()) {
      timers.add(due);
    }
    return due;
  }

  /** The fiber that has the baton. */
  Fiber current() {
    var self = running;
    if (self == null) {
      throw new IllegalStateException("the conductor must not wait");
    }
    return self;
  }

  /** The fiber that has the baton gives it away until it is woken. */
  void pause() {
    var self = current();
    self.life().check();
    self.become(Fiber.State.WAITING);
    giveOn();
    self.awaitTurn();
  }

  void wake(Fiber fiber) {
    if (fiber.state() == Fiber.State.WAITING) {
      fiber.become(Fiber.State.READY);
      ready.add(fiber);
    }
  }

  private static void rethrow(Throwable failure) {
    switch (failure) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }

  /** So many turns, and still somebody runs. */
  public static final class Restless extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Restless(long turns) {
      super("no rest after %d turns".formatted(turns));
    }
  }

  private static final class Due implements Time.Timer {
    private final long nanos;
    private final long number;
    private final Life life;
    private final Runnable action;
    private boolean cancelled;

    Due(long nanos, long number, Life life, Runnable action) {
      this.nanos = nanos;
      this.number = number;
      this.life = life;
      this.action = action;
    }

    long nanos() {
      return nanos;
    }

    long number() {
      return number;
    }

    Runnable action() {
      return action;
    }

    boolean silent() {
      return cancelled || life.dead();
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  }
}
