package io.csi4j.driver.local;

import io.csi4j.driver.framework.syscall.FileIdentity;
import io.csi4j.driver.framework.syscall.LoopDevice;
import io.csi4j.driver.framework.syscall.LoopDevices;
import io.csi4j.driver.framework.syscall.LoopDevices.DirectIo;
import io.csi4j.driver.framework.syscall.LoopHold;
import io.csi4j.driver.framework.syscall.LoopUse;
import io.csi4j.driver.framework.syscall.MountEntry;
import io.csi4j.driver.framework.syscall.MountTable;
import io.csi4j.driver.framework.syscall.NativeResult;
import io.csi4j.driver.framework.syscall.Subvolumes;
import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Answer.Nothing;
import io.csi4j.driver.spi.BlockDevices;
import io.csi4j.driver.spi.NodeStatistics.Usage;
import io.csi4j.driver.spi.Reason;
import io.csi4j.driver.spi.StageData;
import io.csi4j.driver.spi.Writing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** How our volumes are seen on this node: images as loop devices, subvolumes as they are. */
final class LoopImages implements BlockDevices {
  private final Records<VolumeRecord> volumes;
  private final Pool pool;
  private final LoopDevices loops;
  private final Subvolumes subvolumes;

  /**
   * What was found last, by volume. The kernel has no way from a file to its devices but through
   * all of them; so these are asked first whether they are still what they were, and all are looked
   * through only when one of them is not.
   */
  private final Map<String, List<LoopDevice>> known = new ConcurrentHashMap<>();

  LoopImages(Records<VolumeRecord> volumes, Pool pool, LoopDevices loops, Subvolumes subvolumes) {
    this.volumes = volumes;
    this.pool = pool;
    this.loops = loops;
    this.subvolumes = subvolumes;
  }

  @Override
  public Path folder(String volumeId) {
    return pool.image(volumeId);
  }

  @Override
  public Answer<Usage> folderUsage(String volumeId) {
    var bytes = volumes.byId(volumeId).map(VolumeRecord::sizeBytes).orElse(0L);
    return switch (subvolumes.referencedBytes(pool.image(volumeId))) {
      case NativeResult.Value<Long>(var used) ->
          Answer.done(new Usage(bytes, used, Math.max(0, bytes - used)));
      case NativeResult.Failed<Long> failed -> refused(failed);
    };
  }

  /** Where a volume is seen that is a folder. */
  List<Path> shownAt(VolumeRecord volume) {
    return volume.content() instanceof Content.Folder
        ? MountTable.read().entries().stream()
            .filter(entry -> pool.isRootOf(volume.id(), entry.root()))
            .map(MountEntry::point)
            .toList()
        : List.of();
  }

  @Override
  public Answer<Content> find(String volumeId) {
    return volumes
        .ready(volumeId)
        .map(volume -> Answer.done(volume.content()))
        .orElseGet(
            () -> Answer.refused(Reason.NOT_FOUND, "volume %s does not exist".formatted(volumeId)));
  }

  @Override
  public Answer<DeviceHold> attach(String volumeId, Use use, StageData data) {
    var loopUse =
        switch (use) {
          case MOUNT -> LoopUse.FREED_WITH_MOUNT;
          case RAW -> LoopUse.UNTIL_DETACHED;
          case RAW_READ_ONLY -> LoopUse.READ_ONLY_UNTIL_DETACHED;
        };
    for (var device : devices(volumeId)) {
      if (device.readOnly() == (loopUse == LoopUse.READ_ONLY_UNTIL_DETACHED)
          && loops.hold(device) instanceof NativeResult.Value<LoopHold>(var hold)) {
        return Answer.done(new HeldLoop(hold));
      }
    }
    return switch (loops.attach(pool.image(volumeId), loopUse)) {
      case NativeResult.Value<LoopHold>(var hold) -> tuned(volumeId, hold);
      case NativeResult.Failed<LoopHold> failed ->
          Answer.refused(Reason.INTERNAL, "could not " + failed.message());
    };
  }

  /** Makes the volume's devices as large as its image has become. */
  Answer<Nothing> adaptSize(String volumeId) {
    for (var device : devices(volumeId)) {
      if (loops.adaptSize(device) instanceof NativeResult.Failed<Path> failed) {
        return Answer.refused(Reason.INTERNAL, "could not " + failed.message());
      }
    }
    return Answer.done();
  }

  /** Tells the volume's devices how they shall behave from now on. */
  Answer<Nothing> tune(VolumeRecord volume) {
    Answer<Nothing> answer = Answer.done();
    for (var device : devices(volume.id())) {
      answer =
          answer.then(
              _ ->
                  switch (loops.hold(device)) {
                    case NativeResult.Value<LoopHold>(var hold) -> {
                      try (hold) {
                        yield tune(volume, hold);
                      }
                    }
                    case NativeResult.Failed<LoopHold> failed -> refused(failed);
                  });
    }
    return answer;
  }

  private Answer<Nothing> tune(VolumeRecord volume, LoopHold hold) {
    var tuning = Tuning.of(volume);
    NativeResult<Path> result =
        loops.directIo(hold, tuning.directIo() ? DirectIo.ON : DirectIo.OFF);
    var readAhead = tuning.readAheadKib();
    if (readAhead != null) {
      result = result.then(_ -> loops.readAhead(hold, readAhead));
    }
    return switch (result) {
      case NativeResult.Value<Path> _ -> Answer.done();
      case NativeResult.Failed<Path> failed -> refused(failed);
    };
  }

  private Answer<DeviceHold> tuned(String volumeId, LoopHold hold) {
    var volume = volumes.byId(volumeId);
    Answer<Nothing> answer = volume.isEmpty() ? Answer.done() : tune(volume.get(), hold);
    return switch (answer) {
      case Answer.Done<Nothing> _ -> {
        remember(volumeId, hold);
        yield Answer.done(new HeldLoop(hold));
      }
      case Answer.Refused<Nothing> refused -> {
        hold.close();
        yield refused.as();
      }
    };
  }

  private static <T> Answer<T> refused(NativeResult.Failed<?> failed) {
    return Answer.refused(Reason.INTERNAL, "could not " + failed.message());
  }

  @Override
  public List<AttachedDevice> attached(String volumeId) {
    return devices(volumeId).stream()
        .map(
            device ->
                new AttachedDevice(
                    device.path(), device.device(), Writing.readOnlyIf(device.readOnly())))
        .toList();
  }

  @Override
  public Answer<Nothing> detach(String volumeId, AttachedDevice device) {
    for (var loop : devices(volumeId)) {
      if (loop.device().equals(device.number())
          && loops.detach(loop) instanceof NativeResult.Failed<Path> failed) {
        return Answer.refused(Reason.INTERNAL, "could not " + failed.message());
      }
    }
    return Answer.done();
  }

  /** As {@link #attached}, and sees devices, too, that others have made of our image. */
  List<AttachedDevice> attachedByAnybody(String volumeId) {
    known.remove(volumeId);
    return attached(volumeId);
  }

  private List<LoopDevice> devices(String volumeId) {
    if (volumes.byId(volumeId).filter(it -> it.content() instanceof Content.Folder).isPresent()) {
      return List.of();
    }
    var seen = known.getOrDefault(volumeId, List.of());
    if (!seen.isEmpty()
        && loops.stillAttached(seen, path -> pool.isImageOf(volumeId, path)).equals(seen)) {
      return seen;
    }
    var found = search(volumeId);
    if (found.isEmpty()) {
      known.remove(volumeId);
    } else {
      known.put(volumeId, found);
    }
    return found;
  }

  /** By inode; only when the image is gone, by the path that it once had. */
  private List<LoopDevice> search(String volumeId) {
    var identity = volumes.byId(volumeId).flatMap(volume -> identity(pool.image(volume.id())));
    return loops
        .attached(path -> !pool.isImageOfAnother(volumeId, path) && !isAnotherFile(path, identity))
        .stream()
        .filter(
            device -> identity.map(device.file()::equals).orElseGet(() -> was(volumeId, device)))
        .toList();
  }

  /** Whoever attaches has looked for the others before. */
  private void remember(String volumeId, LoopHold hold) {
    loops
        .of(hold)
        .ifPresent(
            device ->
                known.merge(
                    volumeId,
                    List.of(device),
                    (before, added) -> Stream.concat(before.stream(), added.stream()).toList()));
  }

  /**
   * Whether this path is there and is not our image. Other drivers on this node unmount their own
   * devices, and one that somebody looks at just then goes away too late for them.
   */
  private static boolean isAnotherFile(Path path, Optional<FileIdentity> ours) {
    try {
      var found = FileIdentity.of(path);
      return found.isPresent() && ours.isPresent() && !found.equals(ours);
    } catch (IOException _) {
      return false; // a path that leads nowhere proves nothing
    }
  }

  private boolean was(String volumeId, LoopDevice device) {
    return loops.backingPath(device).filter(path -> pool.isImageOf(volumeId, path)).isPresent();
  }

  private static Optional<FileIdentity> identity(Path image) {
    try {
      return FileIdentity.of(image);
    } catch (IOException failure) {
      throw new UncheckedIOException("could not look at " + image, failure);
    }
  }

  /** A hold of the framework over one of the kernel's. */
  private record HeldLoop(LoopHold hold) implements DeviceHold {

    @Override
    public Path node() {
      return hold.path();
    }

    @Override
    public void close() {
      hold.close();
    }
  }
}
