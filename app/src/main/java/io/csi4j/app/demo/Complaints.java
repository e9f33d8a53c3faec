package io.csi4j.app.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** What the cluster says of the story's objects where one waits in vain. */
final class Complaints {
  private static final int LINES_MAX = 3;

  /** Of clusters without DNS, about every pod. */
  private static final String OF_NO_INTEREST = "MissingClusterDNS";

  private Complaints() {}

  /**
   * The last warnings; where there are none, the last thing that was said at all.
   *
   * @param known UIDs of events that were there before
   */
  static List<String> of(Api api, Set<String> known) {
    try {
      var events =
          api.all(Thing.EVENT).stream()
              .filter(event -> Story.text(event, "involvedObject", "name").startsWith("csi4j-demo"))
              .filter(event -> !known.contains(Story.text(event, "metadata", "uid")))
              .filter(event -> !Story.text(event, "reason").equals(OF_NO_INTEREST))
              .toList();
      var warnings = last(LINES_MAX, events, event -> Story.text(event, "type").equals("Warning"));
      return warnings.isEmpty() ? last(1, events, _ -> true) : warnings;
    } catch (Api.Refused refused) {
      return List.of(String.valueOf(refused.getMessage()));
    }
  }

  private static List<String> last(int count, List<JsonNode> events, Predicate<JsonNode> which) {
    var lines = events.stream().filter(which).map(Complaints::line).distinct().toList();
    return lines.subList(Math.max(0, lines.size() - count), lines.size());
  }

  private static String line(JsonNode event) {
    return "%s %s: %s: %s"
        .formatted(
            Story.text(event, "involvedObject", "kind"),
            Story.text(event, "involvedObject", "name"),
            Story.text(event, "reason"),
            Story.text(event, "message"));
  }
}
