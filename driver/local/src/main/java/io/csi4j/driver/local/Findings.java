package io.csi4j.driver.local;

import io.csi4j.driver.framework.mount.FsType;
import io.csi4j.driver.framework.syscall.ForeignProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What was found out about pool and machine at the start, for the log and for who asks the driver
 * what it is: by this somebody far away can tell why a node does things in another way.
 */
final class Findings {
  private static final long SYS_RESOURCE = 1L << 24;

  private Findings() {}

  /**
   * What decides.
   *
   * @param programFolders where programs are looked for
   * @param processStatus the lines that the kernel has on a process
   */
  record Machine(List<Path> programFolders, List<String> processStatus) {
    static Machine ofThisProcess() {
      try {
        return new Machine(
            ForeignProgram.folders(), Files.readAllLines(Path.of("/proc/self/status")));
      } catch (IOException failure) {
        throw new UncheckedIOException("could not look at this process", failure);
      }
    }

    private boolean has(String program) {
      return programFolders.stream()
          .anyMatch(folder -> Files.isExecutable(folder.resolve(program)));
    }

    /** Growing a mounted ext4 needs a right that root may lack. */
    private boolean growsMountedExt4() {
      return processStatus.stream()
          .filter(line -> line.startsWith("CapEff:"))
          .map(line -> line.substring("CapEff:".length()).strip())
          .anyMatch(mask -> (Long.parseUnsignedLong(mask, 16) & SYS_RESOURCE) != 0);
    }
  }

  static SortedMap<String, String> of(Pool pool, Machine machine) {
    var found = new TreeMap<>(of(machine));
    found.put("copies", pool.sharing() ? "shared" : "written");
    found.put("backend", pool.best().toString().toLowerCase(Locale.ROOT));
    return Collections.unmodifiableSortedMap(found);
  }

  static SortedMap<String, String> of(Machine machine) {
    var found = new TreeMap<String, String>();
    found.put(
        "fileSystems",
        Stream.of(FsType.values())
            .map(FsType::fsType)
            .filter(type -> machine.has("mkfs." + type))
            .collect(Collectors.joining(",")));
    found.put("growthOfMountedExt4", machine.growsMountedExt4() ? "at once" : "at the next stage");
    return found;
  }
}
