package io.csi4j.e2e.sandbox.actors.history;

import io.csi4j.e2e.sandbox.actors.history.Entry.Ended;
import io.csi4j.e2e.sandbox.actors.history.Entry.Started;
import io.csi4j.e2e.sandbox.actors.history.Entry.Write;
import java.util.ArrayList;
import java.util.List;

/** What holds in every story of a cluster, told from its beginning. Pure. */
public final class Invariants {
  private Invariants() {}

  /** All violations, in the order of the story. */
  public static List<Violation> check(History history) {
    return check(history.entries());
  }

  static List<Violation> check(List<Entry> entries) {
    var violations = new ArrayList<Violation>();
    var calls = new CallRules(violations);
    var writes = new WriteRules(violations);
    for (var entry : entries) {
      switch (entry) {
        case Started started -> calls.started(started, writes);
        case Ended ended -> calls.ended(ended);
        case Write write -> writes.write(write, calls);
      }
    }
    return List.copyOf(violations);
  }
}
