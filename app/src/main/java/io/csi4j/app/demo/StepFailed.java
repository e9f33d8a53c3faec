package io.csi4j.app.demo;

import java.util.List;

/** Why a step of the story did not come to its end, in words for the user. */
final class StepFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> heard;

  StepFailed(String message) {
    this(message, List.of());
  }

  /** {@code heard} is what the parts had to say about it. */
  StepFailed(String message, List<String> heard) {
    super(message);
    this.heard = List.copyOf(heard);
  }

  List<String> heard() {
    return heard;
  }

  /** All in one line. */
  String summary() {
    return heard.isEmpty() ? String.valueOf(getMessage()) : getMessage() + ": " + heard.getFirst();
  }
}
