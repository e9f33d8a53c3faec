package io.csi4j.e2e.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a process takes of the machine, as the kernel counts it. */
record Footprint(long rssKib, long threads, long descriptors) {
  private static final int KIB = 1024;

  static Footprint of(long pid) throws IOException {
    var proc = Path.of("/proc", Long.toString(pid));
    var rss = 0L;
    var threads = 0L;
    for (var line : Files.readAllLines(proc.resolve("status"))) {
      var fields = line.split("\\s+", -1);
      switch (fields[0]) {
        case "VmRSS:" -> rss = Long.parseLong(fields[1]);
        case "Threads:" -> threads = Long.parseLong(fields[1]);
        default -> {
          // Of no interest here.
        }
      }
    }
    try (var descriptors = Files.list(proc.resolve("fd"))) {
      return new Footprint(rss, threads, descriptors.count());
    }
  }

  @Override
  public String toString() {
    return "RSS %d MiB, %d threads, %d descriptors".formatted(rssKib / KIB, threads, descriptors);
  }
}
