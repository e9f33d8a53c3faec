package io.csi4j.app.demo;

/**
 * One step of the story.
 *
 * @param name one word, by which a failure is found
 */
record Step(String name, Body body) {

  /** What is done. */
  @FunctionalInterface
  interface Body {
    /** Returns what can be seen afterwards; throws {@link StepFailed} with the reason. */
    Seen run() throws Exception;
  }

  /** How a step has ended. */
  sealed interface Seen {
    String words();

    record Done(String words) implements Seen {}

    /** It cannot be told here; the words say why. */
    record LeftOut(String words) implements Seen {}
  }

  static Seen done(String words) {
    return new Seen.Done(words);
  }
}
