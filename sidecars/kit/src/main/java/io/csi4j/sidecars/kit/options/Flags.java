package io.csi4j.sidecars.kit.options;

import io.csi4j.sidecars.kit.csi.SocketAddress;
import io.csi4j.sidecars.kit.health.ListenAddress;
import io.csi4j.sidecars.kit.queue.BackOff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A command line of flags: {@code --x=v}, {@code --x v}, {@code -x}, booleans as {@code --b} or
 * {@code --b=false}; the last occurrence wins.
 *
 * <p>Options are read by asking for each flag once. Asking declares it, so what nobody has asked
 * for is unknown, and the same code yields the help text. Problems are collected; {@link
 * #throwIfAnyProblem} reports all.
 */
public final class Flags {
  private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");
  private static final Set<String> FALSE = Set.of("0", "f", "F", "false", "FALSE", "False");

  private final Map<String, Given> given = new LinkedHashMap<>();

  /** Each occurrence in its order, for flags whose occurrences add up. */
  private final Map<String, List<Given>> occurrences = new LinkedHashMap<>();

  private final Map<String, Declared> declared = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();

  /** By prefix; they report through this one. */
  private final Map<String, Flags> parts = new LinkedHashMap<>();

  /** Of a part: what was given by its prefix. */
  private final Set<String> alone = new HashSet<>();

  /** Of a part: what begins the names of flags that are for it alone. Empty for the whole line. */
  private final String prefix;

  private final boolean help;

  private Flags(String prefix, boolean help) {
    this.prefix = prefix;
    this.help = help;
  }

  /**
   * The same command line to one of several parts of a process. Each asks for its flags as if it
   * were alone; what two ask for is given to both, and {@code --prefix-name} to the one with that
   * prefix only. Problems are reported when the whole's {@link #throwIfAnyProblem} is called.
   */
  public Flags part(String name) {
    var part = new Flags(name + "-", help);
    for (var own : List.of(false, true)) {
      for (var each : given.entrySet()) {
        if (each.getKey().startsWith(part.prefix) == own) {
          var known = own ? each.getKey().substring(part.prefix.length()) : each.getKey();
          part.given.put(known, each.getValue());
          if (own) {
            part.alone.add(known);
          }
          part.occurrences.put(known, occurrences.getOrDefault(each.getKey(), List.of()));
        }
      }
    }
    parts.put(name, part);
    return part;
  }

  public static Flags parse(List<String> args) {
    var flags =
        new Flags("", args.stream().anyMatch(arg -> Set.of("-h", "--help", "-help").contains(arg)));
    for (var i = 0; i < args.size(); i++) {
      var arg = args.get(i);
      if (!arg.startsWith("-") || arg.equals("-") || arg.equals("--")) {
        flags.problems.add("%s: not a flag; flags are written --name=value".formatted(arg));
        continue;
      }
      var body = arg.substring(arg.startsWith("--") ? 2 : 1);
      var equals = body.indexOf('=');
      if (equals >= 0) {
        flags.give(body.substring(0, equals), new Given(body.substring(equals + 1), null));
      } else if (i + 1 < args.size() && isValue(args.get(i + 1))) {
        flags.give(body, new Given(null, args.get(++i)));
      } else {
        flags.give(body, new Given(null, null));
      }
    }
    return flags;
  }

  private void give(String name, Given value) {
    given.put(name, value);
    occurrences.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
  }

  /** Pairs {@code key:value,key2:value2}; a flag that is given again adds to what it had. */
  public Map<String, String> pairs(String name, String help) {
    declare(name, "", help);
    var pairs = new LinkedHashMap<String, String>();
    if (value(name).isEmpty()) {
      return pairs;
    }
    for (var occurrence : occurrences.getOrDefault(name, List.of())) {
      var text = occurrence.attached() != null ? occurrence.attached() : occurrence.next();
      for (var pair : String.valueOf(text).split(",", -1)) {
        var parts = pair.split(":", -1);
        if (parts.length == 2 && !parts[0].isBlank()) {
          pairs.put(parts[0].strip(), parts[1].strip());
        } else {
          problems.add(
              "--%s=%s: must be pairs such as key1:value1,key2:value2".formatted(name, text));
        }
      }
    }
    return pairs;
  }

  /** A text flag. */
  public String text(String name, String fallback, String help) {
    declare(name, fallback.isEmpty() ? "" : "default " + fallback, help);
    return value(name).orElse(fallback);
  }

  /** A text flag that must be given. */
  public String requiredText(String name, String help) {
    declare(name, "required", help);
    var value = value(name).orElse("");
    require(!value.isEmpty(), name, "given: " + help);
    return value;
  }

  /** The socket of a CSI driver. */
  public SocketAddress address(String name, String fallback, String help) {
    var text = text(name, fallback, help);
    try {
      return SocketAddress.parse(text);
    } catch (IllegalArgumentException e) {
      require(false, name, String.valueOf(e.getMessage()));
      return SocketAddress.parse(fallback);
    }
  }

  /** Where to listen; empty where the flag is not given. */
  public Optional<ListenAddress> listenAddress(String name, String help) {
    var text = text(name, "", help);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(ListenAddress.parse(text));
    } catch (IllegalArgumentException e) {
      require(false, name, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  public Duration duration(String name, Duration fallback, String help) {
    declare(name, "default " + GoDuration.format(fallback), help);
    var text = value(name);
    if (text.isEmpty()) {
      return fallback;
    }
    var parsed = GoDuration.parse(text.get()).filter(duration -> !duration.isNegative());
    require(
        parsed.isPresent(),
        name,
        "a duration with a unit, such as 15s or 1m30s (default %s)"
            .formatted(GoDuration.format(fallback)));
    return parsed.orElse(fallback);
  }

  /** The pauses between attempts on one key, by the two flags that all controllers share. */
  public BackOff backOff() {
    var start =
        duration(
            "retry-interval-start",
            Duration.ofSeconds(1),
            "pause after the first failure of a key");
    var max = duration("retry-interval-max", Duration.ofMinutes(5), "longest pause");
    require(!start.isZero(), "retry-interval-start", "longer than 0 (default 1s)");
    require(
        max.compareTo(start) >= 0,
        "retry-interval-max",
        "no shorter than --retry-interval-start (default 5m)");
    return start.isZero() || max.compareTo(start) < 0
        ? new BackOff(Duration.ofSeconds(1), Duration.ofMinutes(5))
        : new BackOff(start, max);
  }

  /** A whole number, zero or more. */
  public int count(String name, int fallback, String help) {
    declare(name, "default " + fallback, help);
    var text = value(name);
    if (text.isEmpty()) {
      return fallback;
    }
    var wellFormed = text.get().matches("\\d{1,9}");
    require(wellFormed, name, "a whole number, 0 or more (default %d)".formatted(fallback));
    return wellFormed ? Integer.parseInt(text.get()) : fallback;
  }

  public boolean truth(String name, Presence fallback, String help) {
    declare(name, fallback == Presence.ON ? "default true" : "", help);
    var found = given.get(name);
    if (found == null) {
      return fallback == Presence.ON;
    }
    if (found.next() != null) {
      problems.add(
          "--%s %s: a yes-or-no flag takes its value after an equals sign: --%s=%s"
              .formatted(name, found.next(), name, found.next()));
      return fallback == Presence.ON;
    }
    var text = found.attached() == null ? "true" : found.attached();
    require(TRUE.contains(text) || FALSE.contains(text), name, "true or false");
    return TRUE.contains(text);
  }

  /** Accepts a flag that has no meaning here, so that manifests written for others keep working. */
  public void ignored(String name) {
    declare(name, "", "accepted and ignored");
  }

  /**
   * A flag that once meant something. Its value where it is given, so that who gives it can be told
   * that it has no effect.
   */
  public Optional<String> deprecated(String name) {
    declare(name, "", "deprecated, has no effect");
    return value(name);
  }

  /** Notes a problem with a flag's value where {@code holds} is false; one for each flag. */
  public void require(boolean holds, String name, String allowed) {
    if (!holds) {
      var problem = "--%s%s: must be %s".formatted(asGiven(name), valueAsGiven(name), allowed);
      if (!toldOf(problem)) {
        problems.add(problem);
      }
    }
  }

  /** To be called when all flags have been asked for. */
  public void throwIfAnyProblem() {
    if (!prefix.isEmpty()) {
      return; // The whole throws, when it knows what all parts ask for.
    }
    for (var part : parts.values()) {
      part.problems.stream().filter(each -> !toldOf(each)).forEach(problems::add);
    }
    if (help) {
      throw new HelpWanted(describe());
    }
    for (var name : given.keySet()) {
      if (!declared.containsKey(name)
          && !parts.values().stream().anyMatch(part -> part.knows(name))) {
        problems.add(
            "--%s: no such flag%s"
                .formatted(name, nearest(name).map(Flags::didYouMean).orElse("")));
      }
    }
    if (!problems.isEmpty()) {
      throw new BadFlags(problems);
    }
  }

  /** Two parts, or two rules, may want different things of one flag: it is one mistake. */
  private boolean toldOf(String problem) {
    var must = problem.indexOf(": must be ");
    return must < 0
        ? problems.contains(problem)
        : problems.stream().anyMatch(known -> known.startsWith(problem.substring(0, must + 2)));
  }

  /** As the user has written it. */
  private String asGiven(String name) {
    return alone.contains(name) ? prefix + name : name;
  }

  /** What stands behind the name, which may be nothing: only some flags need a value. */
  private String valueAsGiven(String name) {
    var found = given.get(name);
    if (found == null) {
      return "=";
    }
    var text = found.attached() != null ? found.attached() : found.next();
    return text == null ? "" : "=" + text;
  }

  private boolean knows(String name) {
    return declared.containsKey(name)
        || (name.startsWith(prefix) && declared.containsKey(name.substring(prefix.length())));
  }

  private Optional<String> value(String name) {
    var found = given.get(name);
    if (found == null) {
      return Optional.empty();
    }
    if (found.attached() == null && found.next() == null) {
      var problem = "--%s: needs a value: --%<s=VALUE".formatted(asGiven(name));
      if (!problems.contains(problem)) {
        problems.add(problem);
      }
      return Optional.empty();
    }
    return Optional.ofNullable(found.attached() != null ? found.attached() : found.next());
  }

  private void declare(String name, String fallback, String help) {
    if (declared.put(name, new Declared(fallback, help)) != null) {
      throw new IllegalStateException("flag --%s is asked for twice".formatted(name));
    }
  }

  private String describe() {
    var text = new StringBuilder();
    declared.forEach(
        (name, flag) -> {
          text.append("  --").append(name).append(System.lineSeparator());
          text.append("        ").append(flag.help());
          if (!flag.fallback().isEmpty()) {
            text.append(" (").append(flag.fallback()).append(')');
          }
          text.append(System.lineSeparator());
        });
    parts.forEach(
        (name, part) ->
            text.append("Of %1$s, each also as --%1$s-NAME for it alone:%n".formatted(name))
                .append(part.describe()));
    return text.toString();
  }

  private Optional<String> nearest(String wrong) {
    return Stream.concat(Stream.of(this), parts.values().stream())
        .flatMap(flags -> flags.declared.keySet().stream())
        .filter(name -> distance(name, wrong) <= 2)
        .min(java.util.Comparator.comparingInt(name -> distance(name, wrong)));
  }

  private static String didYouMean(String name) {
    return "; did you mean --%s?".formatted(name);
  }

  /** A value, not the next flag: negative numbers begin with a dash too. */
  private static boolean isValue(String arg) {
    return !arg.startsWith("-") || arg.equals("-") || arg.matches("-[\\d.].*");
  }

  /** Levenshtein's distance. */
  private static int distance(String a, String b) {
    var row = new int[b.length() + 1];
    for (var j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (var i = 1; i <= a.length(); i++) {
      var diagonal = row[0];
      row[0] = i;
      for (var j = 1; j <= b.length(); j++) {
        var substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitution, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }

  /** Whether a yes-or-no flag holds where it is not given. */
  public enum Presence {
    ON,
    OFF
  }

  /** A flag on the command line: its value after an equals sign, or the word that followed it. */
  private record Given(@Nullable String attached, @Nullable String next) {}

  private record Declared(String fallback, String help) {}
}
