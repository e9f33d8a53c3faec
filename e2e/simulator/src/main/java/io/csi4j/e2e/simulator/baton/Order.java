package io.csi4j.e2e.simulator.baton;

/** Which of the fibers that could run does: the one of the lowest rank, the first among equals. */
@FunctionalInterface
public interface Order {

  /** Whoever runs goes on until it has to wait, the others follow as they came. */
  Order CALM = (_, _, _) -> 0;

  /**
   * How far back it stands.
   *
   * @param turns how often this fiber has run
   * @param moment when it is asked: the time, and how often it was asked before at that time
   */
  long rank(long fiber, long turns, long moment);

  /**
   * By chance. Half of the seeds draw anew each time; in the others a fiber keeps its rank for some
   * turns, so that some lag far behind: two kinds of trouble that hardly meet in one run. No draw
   * depends on what happened at another time, so taking a fault away changes little elsewhere.
   */
  static Order seeded(Chance chance) {
    var shift = new int[] {0, 0, 2, 5}[chance.below(4, 1, 1)];
    return shift == 0
        ? (fiber, _, moment) -> chance.bits(fiber, moment)
        : (fiber, turns, _) -> chance.bits(fiber, turns >> shift);
  }
}
