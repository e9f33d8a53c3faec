package io.csi4j.e2e.sandbox.contract;

/**
 * Any API server.
 *
 * @param kubeconfig the administrator's
 * @param forgetting forgets the history of objects up to now
 */
public record ServerUnderTest(String kubeconfig, Forgetting forgetting) {

  /** Makes old revisions unreadable. */
  @FunctionalInterface
  public interface Forgetting {
    void forget(long revision) throws Exception;
  }
}
