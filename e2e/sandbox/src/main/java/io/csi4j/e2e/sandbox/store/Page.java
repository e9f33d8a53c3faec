package io.csi4j.e2e.sandbox.store;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;

/**
 * Some objects, all as they were at one revision.
 *
 * @param lastKey where the next page begins after; empty if there is none
 * @param keysLeft how many keys follow, wanted or not
 */
public record Page(List<Entry> entries, long revision, String lastKey, int keysLeft) {

  public Page {
    entries = List.copyOf(entries);
  }

  static Page of(NavigableMap<String, Entry> from, Range range, long revision) {
    var entries = new ArrayList<Entry>();
    var seen = 0;
    for (var candidate : from.entrySet()) {
      seen++;
      if (!range.wanted().test(candidate.getValue())) {
        continue;
      }
      entries.add(candidate.getValue());
      if (entries.size() == range.limit()) {
        var left = from.size() - seen;
        return new Page(entries, revision, left > 0 ? candidate.getKey() : "", left);
      }
    }
    return new Page(entries, revision, "", 0);
  }
}
