package io.csi4j.app.demo;

import io.csi4j.e2e.sandbox.actors.history.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a history says of a step, in a few lines. Pure. */
final class CallSummary {
  private static final int FIRST_FAILURE = 300;

  /** Asked again and again, and of no interest here. */
  private static final Set<String> SMALL_TALK =
      Set.of(
          "NodeGetCapabilities",
          "ControllerGetCapabilities",
          "GroupControllerGetCapabilities",
          "Probe",
          "GetPluginInfo",
          "GetPluginCapabilities");

  private static final Set<String> OF_NO_INTEREST = Set.of("events", "leases");

  private CallSummary() {}

  /** One line for the driver, and one for each who wrote to the API. */
  static List<String> of(List<Entry> entries, Instant from, Instant to) {
    var begins = new LinkedHashMap<Long, Instant>();
    var calls = new LinkedHashMap<String, List<Duration>>();
    var writes = new LinkedHashMap<String, Map<String, Integer>>();
    for (var entry : entries) {
      if (entry instanceof Entry.Started started) {
        begins.put(started.number(), started.at());
      }
      if (entry.at().isBefore(from) || !entry.at().isBefore(to)) {
        continue;
      }
      switch (entry) {
        case Entry.Started _ -> {}
        case Entry.Ended ended -> {
          if (!SMALL_TALK.contains(ended.call().method())) {
            var begin = begins.getOrDefault(ended.started(), ended.at());
            calls
                .computeIfAbsent(words(ended), _ -> new ArrayList<>())
                .add(Duration.between(begin, ended.at()));
          }
        }
        case Entry.Write write -> {
          var call = write.line().call();
          if (!OF_NO_INTEREST.contains(call.resource())) {
            writes
                .computeIfAbsent(who(call.user()), _ -> new LinkedHashMap<>())
                .merge(words(write), 1, Integer::sum);
          }
        }
      }
    }
    return lines(calls, writes);
  }

  private static String words(Entry.Ended ended) {
    if (!ended.ok()) {
      return "%s (%s)".formatted(ended.call().method(), ended.told());
    }
    return ended.told() == ended.effect()
        ? ended.call().method()
        : ended.call().method() + " (the caller never heard)";
  }

  private static String took(List<Duration> calls) {
    var longest = calls.stream().mapToLong(Duration::toMillis).max().orElse(0);
    return calls.size() == 1
        ? " %d ms".formatted(longest)
        : " x%d %d ms at most".formatted(calls.size(), longest);
  }

  private static String words(Entry.Write write) {
    var call = write.line().call();
    var code = write.line().code();
    return "%s %s%s"
        .formatted(
            call.verb(),
            call.resource(),
            code < FIRST_FAILURE ? "" : " (refused: %d)".formatted(code));
  }

  private static List<String> lines(
      Map<String, List<Duration>> calls, Map<String, Map<String, Integer>> writes) {
    var lines = new ArrayList<String>();
    if (!calls.isEmpty()) {
      var words = new ArrayList<String>();
      calls.forEach((each, durations) -> words.add(each + took(durations)));
      lines.add("driver: " + String.join(", ", words));
    }
    writes.forEach(
        (who, what) -> {
          var words = new ArrayList<String>();
          what.forEach((each, times) -> words.add(times == 1 ? each : each + " x" + times));
          lines.add(who + ": " + String.join(", ", words));
        });
    return List.copyOf(lines);
  }

  /** The newest thing that somebody did. */
  static String newest(List<Entry> entries) {
    return switch (entries.isEmpty() ? null : entries.getLast()) {
      case null -> "";
      case Entry.Started started -> started.call().method();
      case Entry.Ended ended -> ended.call().method() + " " + ended.told();
      case Entry.Write write ->
          who(write.line().call().user())
              + ": "
              + write.line().call().verb()
              + " "
              + write.line().call().resource();
    };
  }

  private static String who(String user) {
    var name = user.substring(user.lastIndexOf(':') + 1);
    return name.equals("kubernetes-admin") ? "user" : name;
  }
}
