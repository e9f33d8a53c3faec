package io.csi4j.sidecars.kit.sidecar;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Controllers of several sidecars as one: they begin in their order and end in the reverse. */
record Together(List<Controllers> all) implements Controllers {

  /** Builds one after the other; where one fails, those before it are closed. */
  static Controllers of(List<Supplier<Controllers>> each) {
    var built = new ArrayList<Controllers>();
    try {
      each.forEach(one -> built.add(one.get()));
      return new Together(List.copyOf(built));
    } catch (RuntimeException e) {
      new Together(built).close();
      throw e;
    }
  }

  @Override
  public void start() {
    all.forEach(Controllers::start);
  }

  @Override
  public void close() {
    all.reversed().forEach(Controllers::close);
  }
}
