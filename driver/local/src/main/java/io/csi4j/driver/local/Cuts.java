package io.csi4j.driver.local;

import io.csi4j.driver.framework.syscall.FileCopies;
import io.csi4j.driver.framework.syscall.NativeResult;
import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Reason;
import java.util.List;
import java.util.function.Supplier;

/**
 * Copies of volumes at one moment. Where a copy takes time, because the pool cannot share extents,
 * a volume that is in use may only be so large: its users wait.
 */
final class Cuts {
  /** Copied in a second or two. */
  private static final long BYTES_IN_USE_MAX = 256L << 20;

  private final Pool pool;
  private final FileCopies copies;
  private final Standstill standstill;

  Cuts(Pool pool, FileCopies copies, Standstill standstill) {
    this.pool = pool;
    this.copies = copies;
    this.standstill = standstill;
  }

  <T> Answer<T> during(
      List<VolumeRecord> volumes, Standstill.RawInUse rawInUse, Supplier<Answer<T>> work) {
    return smallEnough(volumes).then(_ -> standstill.of(volumes, rawInUse, work));
  }

  private Answer<Long> smallEnough(List<VolumeRecord> volumes) {
    var bytes = 0L;
    for (var volume : volumes) {
      if (pool.sharing() || !standstill.needed(volume)) {
        continue;
      }
      switch (copies.dataBytes(pool.image(volume.id()))) {
        case NativeResult.Value<Long>(var data) -> bytes += data;
        case NativeResult.Failed<Long> failed -> {
          return Answer.refused(Reason.INTERNAL, "could not " + failed.message());
        }
      }
    }
    return bytes <= BYTES_IN_USE_MAX
        ? Answer.done(bytes)
        : Answer.refused(
            Reason.FAILED_PRECONDITION,
            "%d bytes of volumes in use cannot be copied while they stand still, at most %d can: a pool on xfs or btrfs has no such limit"
                .formatted(bytes, BYTES_IN_USE_MAX));
  }
}
