package io.csi4j.e2e.simulator.baton;

/** Which of the fibers that could run does: the one of the lowest rank, the first among equals. */
@FunctionalInterface
public interface Order {

  /** Whoever runs goes on until it has to wait, the others follow as they came. */
  Order CALM = (_, _) -> 0;

  /** {@code turns} is how often this fiber has run. */
  long rank(long fiber, long turns);

  /**
   * By chance. Half of the seeds draw anew at every turn; in the others a fiber keeps its rank for
   * a while, so that some lag far behind: two kinds of trouble that hardly meet in one run.
   */
  static Order seeded(Chance chance) {
    var shift = new int[] {0, 0, 2, 5}[chance.below(4, 1, 1)];
    return (fiber, turns) -> chance.bits(fiber, turns >> shift);
  }
}
