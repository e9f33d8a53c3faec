package io.csi4j.driver.spi;

/** Whether the driver can work. Asked often, so it must be cheap. */
@FunctionalInterface
public interface Readiness {

  State state();

  /** The three things that a probe can say. */
  sealed interface State {

    record Ready() implements State {}

    /** Soon; until then every other call is answered with {@code UNAVAILABLE}. */
    record Starting(String what) implements State {}

    /** Not without somebody doing something, or a restart. */
    record Broken(String why) implements State {}
  }
}
