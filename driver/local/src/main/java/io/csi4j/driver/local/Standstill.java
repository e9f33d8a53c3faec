package io.csi4j.driver.local;

import io.csi4j.driver.framework.syscall.Errno;
import io.csi4j.driver.framework.syscall.FileSpace;
import io.csi4j.driver.framework.syscall.Freezes;
import io.csi4j.driver.framework.syscall.MountEntry;
import io.csi4j.driver.framework.syscall.MountTable;
import io.csi4j.driver.framework.syscall.NativeResult;
import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Answer.Nothing;
import io.csi4j.driver.spi.BlockDevices.AttachedDevice;
import io.csi4j.driver.spi.BlockDevices.Content;
import io.csi4j.driver.spi.Reason;
import io.csi4j.driver.spi.Writing;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moments in which nothing writes to some volumes: their file systems are frozen, all of them
 * before the first copy is made, and thawed whatever happens.
 */
final class Standstill {
  private static final Logger log = LoggerFactory.getLogger(Standstill.class);

  /** Pods hang meanwhile; what takes longer is given up. */
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final LoopImages images;
  private final Freezes freezes;
  private final FileSpace space;

  /** Whether volumes that are used as devices, which cannot be frozen, are cut all the same. */
  enum RawInUse {
    /** Each as after a power cut of its own. */
    CUT_ANYHOW,
    REFUSE
  }

  Standstill(LoopImages images, Freezes freezes, FileSpace space) {
    this.images = images;
    this.freezes = freezes;
    this.space = space;
  }

  /** Runs work that takes no time while all these volumes stand still. */
  <T> Answer<T> of(List<VolumeRecord> volumes, RawInUse rawInUse, Supplier<Answer<T>> work) {
    List<Freezes.Frozen> frozen = new ArrayList<>();
    Answer<T> answer = Answer.refused(Reason.INTERNAL, "nothing was tried");
    try {
      answer = stop(volumes, rawInUse, frozen).then(_ -> work.get());
    } finally {
      answer = thawed(frozen, answer);
    }
    return answer;
  }

  /** Ends what a killed driver has left. To be called before anything else is done. */
  void end(List<VolumeRecord> volumes) {
    for (var volume : volumes) {
      for (var mounted : mountedAt(volume)) {
        if (freezes.thaw(mounted) instanceof NativeResult.Value<Boolean>(var wasFrozen)
            && wasFrozen) {
          log.atWarn()
              .addKeyValue("volume", volume.id())
              .addKeyValue("path", mounted)
              .log("thawed what an earlier life had frozen");
        }
      }
    }
  }

  /** Whether a copy of the volume has to be made while somebody waits. */
  boolean needed(VolumeRecord volume) {
    return switch (volume.content()) {
      case Content.Raw() -> writable(volume).isPresent();
      case Content.FileSystem _ -> !mountedAt(volume).isEmpty();
    };
  }

  private Answer<Nothing> stop(
      List<VolumeRecord> volumes, RawInUse rawInUse, List<Freezes.Frozen> frozen) {
    for (var volume : volumes) {
      var answer =
          switch (volume.content()) {
            case Content.Raw() -> flushRaw(volume, rawInUse);
            case Content.FileSystem _ -> freeze(volume, frozen);
          };
      if (answer instanceof Answer.Refused<Nothing>) {
        return answer;
      }
    }
    return Answer.done();
  }

  private Answer<Nothing> flushRaw(VolumeRecord volume, RawInUse rawInUse) {
    var device = writable(volume);
    if (device.isEmpty()) {
      return Answer.done();
    }
    if (rawInUse == RawInUse.REFUSE) {
      return Answer.refused(
          Reason.FAILED_PRECONDITION,
          "volume %s is in use as a block device and cannot be held still together with others; with parameter consistency=volume it is cut by itself"
              .formatted(volume.id()));
    }
    try {
      space.flush(device.get().node());
      return Answer.done();
    } catch (IOException failure) {
      return Answer.refused(Reason.INTERNAL, failure.toString());
    }
  }

  /** One freeze holds for every place where the file system is mounted. */
  private Answer<Nothing> freeze(VolumeRecord volume, List<Freezes.Frozen> frozen) {
    var mounted = mountedAt(volume);
    if (mounted.isEmpty()) {
      return Answer.done();
    }
    return switch (freezes.freeze(mounted.getFirst(), LIMIT)) {
      case NativeResult.Value<Freezes.Frozen>(var hold) -> {
        frozen.add(hold);
        yield Answer.done();
      }
      case NativeResult.Failed<Freezes.Frozen> failed ->
          Answer.refused(
              failed.errno().equals(Errno.EBUSY) ? Reason.UNAVAILABLE : Reason.INTERNAL,
              "could not " + failed.message());
    };
  }

  /** What was copied is worth nothing when a file system was thawed too early. */
  private static <T> Answer<T> thawed(List<Freezes.Frozen> frozen, Answer<T> answer) {
    var result = answer;
    for (var each : frozen.reversed()) {
      if (each.thaw() instanceof NativeResult.Failed<Path> failed) {
        result = Answer.refused(Reason.UNAVAILABLE, "could not " + failed.message());
      }
    }
    return result;
  }

  private Optional<AttachedDevice> writable(VolumeRecord volume) {
    return images.attached(volume.id()).stream()
        .filter(device -> device.writing() == Writing.READ_WRITE)
        .findFirst();
  }

  private List<Path> mountedAt(VolumeRecord volume) {
    var mounts = MountTable.read();
    return images.attached(volume.id()).stream()
        .flatMap(device -> mounts.of(device.number()).stream())
        .map(MountEntry::point)
        .toList();
  }
}
