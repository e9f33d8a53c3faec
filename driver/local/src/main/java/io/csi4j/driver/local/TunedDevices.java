package io.csi4j.driver.local;

import io.csi4j.driver.framework.spi.Answer;
import io.csi4j.driver.framework.spi.Answer.Nothing;
import io.csi4j.driver.framework.spi.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Tells the kernel how a device shall behave. */
final class TunedDevices {
  private static final Path SYS_BLOCK = Path.of("/sys/block");
  private static final int READ_AHEAD_KIB_DEFAULT = 128;

  private TunedDevices() {}

  static Answer<Nothing> apply(Tuning tuning, Path device) {
    var queue = SYS_BLOCK.resolve(device.getFileName()).resolve("queue");
    try {
      var readAhead = tuning.readAheadKib();
      set(
          queue.resolve("read_ahead_kb"),
          Integer.toString(readAhead == null ? READ_AHEAD_KIB_DEFAULT : readAhead));
      set(
          queue.resolve("discard_max_bytes"),
          tuning.dropsDiscards()
              ? "0"
              : Files.readString(queue.resolve("discard_max_hw_bytes")).strip());
      return Answer.done();
    } catch (IOException failure) {
      return Answer.refused(
          Reason.INTERNAL, "could not tune device %s: %s".formatted(device, failure));
    }
  }

  /** Most devices are as they shall be: then nothing is written. */
  private static void set(Path file, String value) throws IOException {
    if (!Files.readString(file).strip().equals(value)) {
      Files.writeString(file, value, StandardOpenOption.WRITE);
    }
  }
}
