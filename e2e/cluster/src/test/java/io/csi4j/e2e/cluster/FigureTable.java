package io.csi4j.e2e.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Figures of one kind: a line each, with what the machine had to do at that time. Printed whole at
 * the end, and kept in {@code target/e2e/NAME.txt}.
 */
final class FigureTable implements AutoCloseable {
  static final Path REPORTS = Path.of("target", "e2e").toAbsolutePath();

  private final String name;
  private final List<List<String>> lines = new ArrayList<>();

  FigureTable(String name, String... columns) {
    this.name = name;
    lines.add(withLoad(List.of(columns), "load"));
  }

  /** Numbers with a fraction are rounded to what matters. */
  void row(Object... cells) throws IOException {
    var texts = new ArrayList<String>();
    for (var cell : cells) {
      texts.add(cell instanceof Double number ? rounded(number) : cell.toString());
    }
    var line = withLoad(texts, load());
    lines.add(line);
    System.out.println(String.join(" | ", line));
  }

  private static String rounded(double number) {
    return String.format(Locale.ROOT, number < 20 ? "%.2f" : "%.0f", number);
  }

  private static List<String> withLoad(List<String> cells, String load) {
    var line = new ArrayList<>(cells);
    line.add(load);
    return line;
  }

  /** How many processes wanted a processor, over the last minute. */
  private static String load() throws IOException {
    return Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0];
  }

  @Override
  public void close() throws IOException {
    var text = new StringBuilder();
    for (var line : lines) {
      for (var column = 0; column < line.size(); column++) {
        var width = width(column);
        text.append(
            String.format(column == 0 ? "%-" + width + "s" : "%" + width + "s", line.get(column)));
        text.append(column == line.size() - 1 ? System.lineSeparator() : "  ");
      }
    }
    Files.createDirectories(REPORTS);
    Files.writeString(REPORTS.resolve(name + ".txt"), text);
    System.out.println();
    System.out.println(text);
  }

  private int width(int column) {
    return lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(1);
  }
}
