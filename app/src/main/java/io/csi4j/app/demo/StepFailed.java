package io.csi4j.app.demo;

/** Why a step of the story did not come to its end, in words for the user. */
final class StepFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StepFailed(String message) {
    super(message);
  }
}
