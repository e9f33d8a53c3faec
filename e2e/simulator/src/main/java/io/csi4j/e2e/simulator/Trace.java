package io.csi4j.e2e.simulator;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** What has happened, in order. Cheap while it happens: text is made when somebody asks. */
public final class Trace {
  private static final double NANOS_PER_SECOND = 1e9;

  private final List<Entry> entries = new ArrayList<>();

  private record Entry(long nanos, String who, String what, Object how) {
    @Override
    public String toString() {
      return "%9.3fs  %s  %s  %s".formatted(nanos / NANOS_PER_SECOND, who, what, how);
    }
  }

  void add(long nanos, String who, String what, Object how) {
    entries.add(new Entry(nanos, who, what, how));
  }

  public int size() {
    return entries.size();
  }

  public List<String> lines() {
    return entries.stream().map(Entry::toString).toList();
  }

  /** Two runs with the same digest have done the same. */
  public String digest() {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (var entry : entries) {
        digest.update((entry.nanos() + " " + entry).getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
