package io.csi4j.sidecars.kit.lease;

/** A leader's work: returns soon after its term has ended. */
@FunctionalInterface
public interface Work {
  void run(Leadership term) throws InterruptedException;
}
