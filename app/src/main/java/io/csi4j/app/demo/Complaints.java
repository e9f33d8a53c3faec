package io.csi4j.app.demo;

import java.util.List;
import java.util.stream.Stream;

/** What the cluster warns about. */
final class Complaints {
  private static final int LINES_MAX = 3;

  private Complaints() {}

  /** The last warnings among the events of the story's objects. */
  static List<String> of(Api api) {
    try {
      var lines =
          api.all(Thing.EVENT).stream()
              .filter(event -> Story.text(event, "type").equals("Warning"))
              .filter(event -> Story.text(event, "involvedObject", "name").startsWith("csi4j-demo"))
              .flatMap(
                  event ->
                      Stream.of(
                          "%s %s: %s: %s"
                              .formatted(
                                  Story.text(event, "involvedObject", "kind"),
                                  Story.text(event, "involvedObject", "name"),
                                  Story.text(event, "reason"),
                                  Story.text(event, "message"))))
              .distinct()
              .toList();
      return lines.subList(Math.max(0, lines.size() - LINES_MAX), lines.size());
    } catch (Api.Refused refused) {
      return List.of(String.valueOf(refused.getMessage()));
    }
  }
}
