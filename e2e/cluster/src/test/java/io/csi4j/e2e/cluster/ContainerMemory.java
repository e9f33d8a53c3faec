package io.csi4j.e2e.cluster;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Memory of a container of one process.
 *
 * @param rssKib of the process, shared pages counted in full
 * @param pssKib the same, shared pages divided among those who share them
 * @param cgroupKib what the container's limit is compared with: with the page cache of its files
 */
record ContainerMemory(long rssKib, long pssKib, long cgroupKib) {
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
  private static final int KIB = 1024;

  static ContainerMemory of(ContainerStatus container) throws IOException {
    var processes = ContainerProcesses.of(container);
    if (processes.size() != 1) {
      throw new IllegalStateException(
          "%s should be one process: %s".formatted(container.getName(), processes));
    }
    var process = Path.of("/proc", Long.toString(processes.getFirst()));
    var sums = process.resolve("smaps_rollup");
    return new ContainerMemory(field(sums, "Rss:"), field(sums, "Pss:"), cgroup(process));
  }

  ContainerMemory plus(ContainerMemory other) {
    return new ContainerMemory(
        rssKib + other.rssKib, pssKib + other.pssKib, cgroupKib + other.cgroupKib);
  }

  private static long field(Path file, String name) throws IOException {
    try (var lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow(() -> new IOException(file + " has no " + name));
    }
  }

  /** One hierarchy with cgroup v2, one for memory among others with v1. */
  private static long cgroup(Path process) throws IOException {
    var v2 = Files.exists(CGROUPS.resolve("cgroup.controllers"));
    var mark = v2 ? "0::" : ":memory:";
    for (var line : ContainerProcesses.cgroups(process).lines().toList()) {
      var at = line.indexOf(mark);
      if (at >= 0) {
        var path = line.substring(at + mark.length() + 1);
        var file =
            v2
                ? CGROUPS.resolve(path).resolve("memory.current")
                : CGROUPS.resolve("memory").resolve(path).resolve("memory.usage_in_bytes");
        return Long.parseLong(Files.readString(file).strip()) / KIB;
      }
    }
    throw new IOException("no cgroup of memory of " + process);
  }

  @Override
  public String toString() {
    return "RSS %4d MiB, PSS %4d MiB, cgroup %4d MiB"
        .formatted(rssKib / KIB, pssKib / KIB, cgroupKib / KIB);
  }
}
