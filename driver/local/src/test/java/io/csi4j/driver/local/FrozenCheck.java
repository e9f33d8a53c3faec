package io.csi4j.driver.local;

import io.csi4j.driver.framework.syscall.Errno;
import io.csi4j.driver.framework.syscall.Freezes;
import io.csi4j.driver.framework.syscall.MountTable;
import io.csi4j.driver.framework.syscall.NativeResult;
import io.csi4j.driver.framework.syscall.NativeThreads;
import java.nio.file.Path;
import java.time.Duration;

/** Whether what is mounted somewhere is frozen; the kernel tells only who tries to freeze it. */
final class FrozenCheck implements AutoCloseable {
  private static final Duration MOMENT = Duration.ofSeconds(5);

  private final Path mounted;
  private final NativeThreads threads = new NativeThreads("frozen-check", 1);
  private final Freezes freezes = new Freezes(threads);

  FrozenCheck(Path mounted) {
    this.mounted = mounted;
  }

  boolean frozen() {
    // Without a mount of its own it would be the machine's disk that stands still.
    if (MountTable.read().topAt(mounted).isEmpty()) {
      return false;
    }
    return switch (freezes.freeze(mounted, MOMENT)) {
      case NativeResult.Value<Freezes.Frozen>(var hold) -> {
        hold.thaw();
        yield false;
      }
      case NativeResult.Failed<Freezes.Frozen> failed -> failed.errno().equals(Errno.EBUSY);
    };
  }

  @Override
  public void close() {
    freezes.close();
    threads.close();
  }
}
