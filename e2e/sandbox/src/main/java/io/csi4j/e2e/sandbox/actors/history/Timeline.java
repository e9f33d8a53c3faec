package io.csi4j.e2e.sandbox.actors.history;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.actors.view.Claim;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.store.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A history as people tell it: what changed for users, and which calls of the driver did it. */
public final class Timeline {
  private static final List<String> SMALL_TALK =
      List.of(
          "NodeGetCapabilities",
          "ControllerGetCapabilities",
          "Probe",
          "GetPluginInfo",
          "GetPluginCapabilities");
  private static final List<String> OF_NO_INTEREST =
      List.of("events", "leases.coordination.k8s.io", "configmaps");

  private Timeline() {}

  /**
   * One line of the story.
   *
   * @param since the beginning
   */
  public record Step(Duration since, String who, String what) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%8.3f s  %-24s %s", since.toMillis() / 1e3, who, what);
    }
  }

  /** What happened from the beginning on. */
  public static List<Step> of(History history, Instant begin) {
    var steps = new ArrayList<Step>();
    for (var entry : history.entries()) {
      var after = Duration.between(begin, entry.at());
      if (after.isNegative()) {
        continue;
      }
      switch (entry) {
        case Entry.Started _ -> {}
        case Entry.Ended ended -> {
          if (!SMALL_TALK.contains(ended.call().method())) {
            var what = ended.call().method() + (ended.ok() ? "" : " " + ended.effect());
            steps.add(new Step(after, "driver, " + ended.call().place(), what));
          }
        }
        case Entry.Write write ->
            write.change().stream()
                .flatMap(change -> words(change).stream())
                .forEach(what -> steps.add(new Step(after, who(write.line().call().user()), what)));
      }
    }
    return List.copyOf(steps);
  }

  public static String text(String title, List<Step> steps) {
    var text = new StringBuilder(title).append(System.lineSeparator());
    steps.forEach(step -> text.append(step).append(System.lineSeparator()));
    return text.toString();
  }

  private static String who(String user) {
    return user.substring(user.lastIndexOf(':') + 1);
  }

  private static List<String> words(Change change) {
    if (OF_NO_INTEREST.contains(change.shelf())) {
      return List.of();
    }
    var before = change.before();
    var was = before == null ? Json.object() : before.object();
    var is = change.after().object();
    var name = Json.text(is, "kind") + " " + Json.text(is, "metadata", "name");
    var words = new ArrayList<String>();
    switch (change.type()) {
      case ADDED -> words.add(name + " created");
      case DELETED -> words.add(name + " gone");
      case MODIFIED -> {
        changed(words, name + " is ", was, is, "status", "phase");
        changed(words, name + " goes to ", was, is, "spec", "nodeName");
        changed(words, name + " attached: ", was, is, "status", "attached");
        changed(words, name + " to be deleted, ", was, is, "metadata", "deletionTimestamp");
        changed(words, name + " for ", was, is, "metadata", "annotations", Claim.SELECTED_NODE);
        changed(words, name + " handed to ", was, is, "metadata", "annotations", Claim.PROVISIONER);
      }
    }
    return words;
  }

  private static void changed(
      List<String> words, String prefix, ObjectNode was, ObjectNode is, String... path) {
    var now = Json.text(is, path);
    if (!now.isEmpty() && !now.equals("false") && !now.equals(Json.text(was, path))) {
      words.add(prefix + now);
    }
  }
}
