package io.csi4j.app.demo;

import java.util.function.Supplier;

/** Shows the story while it goes on. */
sealed interface Narrator extends AutoCloseable permits PlainLines, LiveLine {

  /** A line of its own. */
  void says(String line);

  /**
   * A step begins.
   *
   * @param busyWith the newest thing that happens, asked now and then until the step ends
   */
  void begins(String step, Supplier<String> busyWith);

  /** The line that stays of a step. */
  void ends(Ending ending, Scene scene);

  @Override
  void close();

  /** How a step has ended. */
  enum Ending {
    OK("ok"),
    LEFT_OUT("--"),
    FAILED("FAILED");

    private final String word;

    Ending(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  static String line(Ending ending, Scene scene) {
    return "  %-6s %6.2f s  %-8s %s"
        .formatted(ending.word(), scene.took().toMillis() / 1e3, scene.name(), scene.seen());
  }
}
