package io.csi4j.driver.framework.mount;

import io.csi4j.driver.framework.spi.Answer;
import io.csi4j.driver.framework.spi.Answer.Nothing;
import io.csi4j.driver.framework.spi.Reason;
import io.csi4j.driver.framework.syscall.ForeignProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes file systems, on a device or straight on an image file. Only ever on what is known to be
 * blank.
 */
public final class FileSystemMaker {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final ForeignProgram program;

  public FileSystemMaker(ForeignProgram program) {
    this.program = program;
  }

  /** The file systems that we can make. */
  public enum Type {
    EXT4("ext4", 1L << 20);

    private final String name;
    private final long sizeBytesMin;

    Type(String name, long sizeBytesMin) {
      this.name = name;
      this.sizeBytesMin = sizeBytesMin;
    }

    public static Optional<Type> named(String name) {
      for (var type : values()) {
        if (type.name.equals(name)) {
          return Optional.of(type);
        }
      }
      return Optional.empty();
    }

    /** As mount(2) and users call it. */
    public String fsType() {
      return name;
    }

    public long sizeBytesMin() {
      return sizeBytesMin;
    }
  }

  public Answer<Nothing> make(Type type, Path blank) {
    List<String> command = new ArrayList<>();
    switch (type) {
      // No blocks kept for root, since root is not who uses the volume. Inode tables and journal
      // are zeroed later: on a fresh
      // image they are holes that read as zeroes anyway.
      case EXT4 ->
          command.addAll(
              List.of(
                  "mkfs.ext4",
                  "-q",
                  "-F",
                  "-m",
                  "0",
                  "-E",
                  "lazy_itable_init=1,lazy_journal_init=1,nodiscard"));
    }
    command.add(blank.toString());
    return switch (program.run(command, LIMIT)) {
      case ForeignProgram.Ending.Succeeded _ -> Answer.done();
      case ForeignProgram.Ending.Missing(var message) ->
          Answer.refused(
              Reason.INVALID_ARGUMENT,
              "fs_type %s is not possible on this node: %s".formatted(type.fsType(), message));
      case ForeignProgram.Ending.Failed(var message) -> Answer.refused(Reason.INTERNAL, message);
      case ForeignProgram.Ending.TimedOut(var message) -> Answer.refused(Reason.INTERNAL, message);
    };
  }
}
