package io.csi4j.app.demo;

import java.io.PrintStream;
import java.util.function.Supplier;

/** One line for each step that has ended, for files and pipes. */
final class PlainLines implements Narrator {
  private final PrintStream out;

  PlainLines(PrintStream out) {
    this.out = out;
  }

  @Override
  public void says(String line) {
    out.println(line);
    out.flush();
  }

  @Override
  public void begins(String step, Supplier<String> busyWith) {}

  @Override
  public void ends(Ending ending, Scene scene) {
    says(Narrator.line(ending, scene));
  }

  @Override
  public void close() {}
}
