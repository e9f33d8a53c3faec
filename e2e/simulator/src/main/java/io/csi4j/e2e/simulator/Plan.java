package io.csi4j.e2e.simulator;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that decides about a run: the same plan, the same history. A seed alone is a whole plan; what
 * has been shrunk names what is left of it.
 *
 * @param order who runs next: by the seed, or in the order of coming
 * @param faults by the place where each happens; empty for those that the seed draws
 * @param actions the numbers of what users do; empty for all
 */
public record Plan(
    long seed, Turns order, Optional<Map<String, Fault>> faults, Optional<List<Integer>> actions) {

  /** Who runs next. */
  public enum Turns {
    SEEDED,
    CALM
  }

  public Plan {
    faults = faults.map(each -> Collections.unmodifiableMap(new LinkedHashMap<>(each)));
    actions = actions.map(List::copyOf);
  }

  public static Plan of(long seed) {
    return new Plan(seed, Turns.SEEDED, Optional.empty(), Optional.empty());
  }

  Plan with(Turns turns) {
    return new Plan(seed, turns, faults, actions);
  }

  Plan withFaults(Map<String, Fault> named) {
    return new Plan(seed, order, Optional.of(named), actions);
  }

  Plan withActions(List<Integer> numbers) {
    return new Plan(seed, order, faults, Optional.of(numbers));
  }

  /** One line, to be given to {@link #parse}. */
  @Override
  public String toString() {
    var parts = new ArrayList<String>();
    parts.add("seed " + seed);
    if (order == Turns.CALM) {
      parts.add("calm");
    }
    actions.ifPresent(
        numbers ->
            parts.add(
                "actions " + String.join(" ", numbers.stream().map(String::valueOf).toList())));
    faults.ifPresent(
        named -> {
          parts.add("faults");
          named.forEach((place, fault) -> parts.add(place + " = " + fault));
        });
    return String.join("; ", parts);
  }

  public static Plan parse(String text) {
    var plan = of(0);
    var faults = new LinkedHashMap<String, Fault>();
    for (var part : text.split(";", -1)) {
      var words = part.strip();
      var equals = words.lastIndexOf(" = ");
      if (equals > 0) {
        faults.put(
            words.substring(0, equals), Fault.parse(words.substring(equals + " = ".length())));
        plan = plan.withFaults(faults);
      } else if (words.equals("calm")) {
        plan = plan.with(Turns.CALM);
      } else if (words.equals("faults")) {
        plan = plan.withFaults(faults);
      } else if (words.startsWith("actions")) {
        plan =
            plan.withActions(
                words
                    .substring("actions".length())
                    .strip()
                    .lines()
                    .flatMap(Plan::numbers)
                    .toList());
      } else if (words.startsWith("seed ")) {
        var seed = Long.parseLong(words.substring("seed ".length()));
        plan = new Plan(seed, plan.order(), plan.faults(), plan.actions());
      } else {
        throw new IllegalArgumentException("no part of a plan: " + words);
      }
    }
    return plan;
  }

  private static java.util.stream.Stream<Integer> numbers(String line) {
    return List.of(line.split(" ", -1)).stream().map(Integer::valueOf);
  }
}
