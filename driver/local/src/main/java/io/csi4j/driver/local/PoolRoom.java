package io.csi4j.driver.local;

import io.csi4j.driver.framework.syscall.FileSpace;
import io.csi4j.driver.framework.syscall.NativeResult;
import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Answer.Nothing;
import io.csi4j.driver.spi.Reason;
import java.util.function.Supplier;

/**
 * How much the pool can still take, and room that is set aside for calls that run: calls in
 * parallel must not sell the same room twice.
 *
 * <p>A thick volume needs room on the disk. A thin one needs a promise: all thin volumes together
 * may be a number of times as large as the pool, as long as there is something left on the disk.
 */
final class PoolRoom {
  /** Not for volumes: the journal and the file system's own tables have to be written, too. */
  static final long RESERVE_BYTES = 64L << 20;

  private final Pool pool;
  private final FileSpace space;
  private final Records<VolumeRecord> volumes;
  private final int overcommit;

  /** Of calls that run; guarded by this object's monitor. */
  private long thinBytes;

  private long thickBytes;

  PoolRoom(Pool pool, FileSpace space, Records<VolumeRecord> volumes, int overcommit) {
    this.pool = pool;
    this.space = space;
    this.volumes = volumes;
    this.overcommit = overcommit;
  }

  /** Runs work that takes so much, or says that there is not so much room. */
  <T> Answer<T> with(Allocation allocation, long bytes, Supplier<Answer<T>> work) {
    return switch (reserve(allocation, bytes)) {
      case Answer.Refused<Nothing> refused -> refused.as();
      case Answer.Done<Nothing> _ -> {
        try {
          yield work.get();
        } finally {
          reserved(allocation, -bytes);
        }
      }
    };
  }

  synchronized Answer<Long> availableBytes(Allocation allocation) {
    return switch (space.usage(pool.folder())) {
      case NativeResult.Failed<FileSpace.Usage> failed ->
          Answer.refused(Reason.INTERNAL, "could not " + failed.message());
      case NativeResult.Value<FileSpace.Usage>(var usage) ->
          Answer.done(
              switch (allocation) {
                case THICK -> Math.max(0, onDisk(usage));
                case THIN -> onDisk(usage) <= 0 ? 0 : Math.max(0, promised(usage));
              });
    };
  }

  private synchronized Answer<Nothing> reserve(Allocation allocation, long bytes) {
    return availableBytes(allocation)
        .then(
            available -> {
              if (bytes > available) {
                return Answer.refused(
                    Reason.RESOURCE_EXHAUSTED,
                    "the pool has room for %d bytes more, not for %d".formatted(available, bytes));
              }
              reserved(allocation, bytes);
              return Answer.done();
            });
  }

  private synchronized void reserved(Allocation allocation, long bytes) {
    switch (allocation) {
      case THIN -> thinBytes += bytes;
      case THICK -> thickBytes += bytes;
    }
  }

  private long onDisk(FileSpace.Usage usage) {
    return usage.availableBytes() - RESERVE_BYTES - thickBytes;
  }

  private long promised(FileSpace.Usage usage) {
    var given =
        volumes.all().stream()
            .filter(volume -> volume.allocation() == Allocation.THIN)
            .filter(volume -> volume.stage() == Stage.READY)
            .mapToLong(VolumeRecord::sizeBytes)
            .sum();
    return usage.totalBytes() * overcommit - given - thinBytes;
  }
}
