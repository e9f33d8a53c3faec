package io.csi4j.sidecars.provisioner;

/**
 * What cannot be done, in words for the user: thrown where a claim is prepared, and caught in one
 * place, by {@link Preparation}.
 */
final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Refused(String reason) {
    super(reason);
  }
}
