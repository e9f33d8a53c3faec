package io.csi4j.e2e.simulator.baton;

import java.util.concurrent.locks.LockSupport;

/** A virtual thread that runs while it has the baton. */
final class Fiber {
  private final String name;
  private final Life life;
  private final Thread thread;

  /** Says whose turn it is to the thread that waits for it; all else follows from it. */
  private volatile boolean turn;

  // Belong to whoever has the baton.
  private final long number;
  private State state = State.READY;
  private long turns;

  enum State {
    READY,
    RUNNING,
    WAITING,
    ENDED
  }

  Fiber(String name, Life life, Runnable body) {
    this.name = name;
    this.life = life;
    this.number = Chance.number(name);
    this.thread = Thread.ofVirtual().name(name).unstarted(body);
  }

  String name() {
    return name;
  }

  Life life() {
    return life;
  }

  long number() {
    return number;
  }

  long turns() {
    return turns;
  }

  State state() {
    return state;
  }

  void become(State next) {
    state = next;
  }

  /** Whoever calls this has given the baton away. */
  void run() {
    state = State.RUNNING;
    if (turns++ == 0) {
      thread.start();
    } else {
      turn = true;
      LockSupport.unpark(thread);
    }
  }

  /** On its own thread: it was its turn again at once. */
  void goOn() {
    state = State.RUNNING;
    turns++;
    life.check();
  }

  /** On its own thread, after the baton was given away. */
  void awaitTurn() {
    while (!turn) {
      LockSupport.park(this);
    }
    turn = false;
    life.check();
  }

  StackTraceElement[] stack() {
    return thread.getStackTrace();
  }
}
