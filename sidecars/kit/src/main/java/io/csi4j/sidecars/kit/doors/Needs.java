package io.csi4j.sidecars.kit.doors;

import java.util.List;
import java.util.stream.Stream;

/** All that a controller does at the API server, and no more. */
public record Needs(List<Need> all) {

  public Needs {
    all = List.copyOf(all);
  }

  public static Needs of(Need... all) {
    return new Needs(List.of(all));
  }

  /** Of two controllers in one process. */
  public Needs and(Needs other) {
    return new Needs(Stream.concat(all.stream(), other.all.stream()).distinct().toList());
  }

  public boolean cover(Kind<?> kind, Verb verb) {
    return all.stream().anyMatch(need -> need.covers(kind, verb));
  }

  public boolean coverStatus(Kind<?> kind, Verb verb) {
    return all.stream().anyMatch(need -> need.coversStatus(kind, verb));
  }
}
