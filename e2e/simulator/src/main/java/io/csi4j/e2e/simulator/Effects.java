package io.csi4j.e2e.simulator;

import io.csi4j.sidecars.kit.doors.ApiFailure;

/**
 * Hears of each effect that a controller has on the world. What it throws is thrown at the
 * controller.
 */
public interface Effects {

  /** Nothing is done, nothing goes wrong. */
  Effects QUIET =
      new Effects() {
        @Override
        public void before(String effect) {}

        @Override
        public void after(String effect) {}
      };

  /** Nothing gets through: what stands in a line never has its turn. */
  Effects NO_TURN =
      new Effects() {
        @Override
        public void before(String effect) {
          throw new ApiFailure.Unreachable(effect + ": no turn", null);
        }

        @Override
        public void after(String effect) {}

        @Override
        public void reading(String what) {
          before(what);
        }
      };

  /** The effect has not happened yet. */
  void before(String effect);

  /** The effect has happened, and the controller has not heard of it yet. */
  void after(String effect);

  /** Before something is read live: not an effect, but it may fail. */
  default void reading(String what) {}
}
