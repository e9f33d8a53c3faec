package io.csi4j.app.demo;

import java.util.ArrayList;
import java.util.List;

/** The closing timeline. Pure. */
final class Timetable {
  private static final int WIDTH = 110;

  private Timetable() {}

  static List<String> lines(List<Scene> scenes) {
    var lines = new ArrayList<String>();
    lines.add("Timeline: when each step began and how long it took, and what was called");
    for (var scene : scenes) {
      var head =
          "  %7.2f s %8.2f s  %-8s "
              .formatted(
                  scene.since().toMillis() / 1e3, scene.took().toMillis() / 1e3, scene.name());
      if (scene.called().isEmpty()) {
        lines.add(head.stripTrailing());
      }
      for (var called : scene.called()) {
        for (var line : wrapped(called, WIDTH - head.length())) {
          lines.add(head + line);
          head = " ".repeat(head.length());
        }
      }
    }
    return lines;
  }

  /** At commas; what follows the first line is set in a little. */
  private static List<String> wrapped(String text, int width) {
    var lines = new ArrayList<String>();
    var line = new StringBuilder();
    for (var word : text.split("(?<=, )", -1)) {
      if (!line.isEmpty() && line.length() + word.stripTrailing().length() > width) {
        lines.add(line.toString().stripTrailing());
        line = new StringBuilder("  ");
      }
      line.append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
