package io.csi4j.e2e.cluster;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The processes that run in a container, as the machine numbers them. */
final class ContainerProcesses {
  private ContainerProcesses() {}

  static List<Long> of(ContainerStatus container) throws IOException {
    var id = container.getContainerID().replaceFirst("^.*://", "");
    var found = new ArrayList<Long>();
    try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (var process : processes) {
        if (cgroups(process).contains(id)) {
          found.add(Long.parseLong(process.getFileName().toString()));
        }
      }
    }
    return found;
  }

  /** A line of what the kernel tells of a process, such as {@code Uid} or {@code CapEff}. */
  static String status(long process, String key) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(process), "status")).stream()
        .filter(line -> line.startsWith(key + ":"))
        .map(line -> line.substring(key.length() + 1).strip())
        .findFirst()
        .orElseThrow();
  }

  static String cgroups(Path process) {
    try {
      return Files.readString(process.resolve("cgroup"));
    } catch (IOException _) {
      return ""; // it has ended meanwhile
    }
  }
}
