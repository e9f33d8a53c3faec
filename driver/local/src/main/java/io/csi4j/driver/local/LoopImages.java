package io.csi4j.driver.local;

import io.csi4j.driver.framework.syscall.FileIdentity;
import io.csi4j.driver.framework.syscall.LoopDevice;
import io.csi4j.driver.framework.syscall.LoopDevices;
import io.csi4j.driver.framework.syscall.LoopDevices.DirectIo;
import io.csi4j.driver.framework.syscall.LoopHold;
import io.csi4j.driver.framework.syscall.LoopUse;
import io.csi4j.driver.framework.syscall.NativeResult;
import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Answer.Nothing;
import io.csi4j.driver.spi.BlockDevices;
import io.csi4j.driver.spi.Reason;
import io.csi4j.driver.spi.StageData;
import io.csi4j.driver.spi.Writing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The loop devices that our images are. */
final class LoopImages implements BlockDevices {
  private final Records<VolumeRecord> volumes;
  private final Pool pool;
  private final LoopDevices loops;

  LoopImages(Records<VolumeRecord> volumes, Pool pool, LoopDevices loops) {
    this.volumes = volumes;
    this.pool = pool;
    this.loops = loops;
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
      case Answer.Done<Nothing> _ -> Answer.done(new HeldLoop(hold));
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

  /** By inode; only when the image is gone, by the path that it once had. */
  private List<LoopDevice> devices(String volumeId) {
    var identity = volumes.byId(volumeId).flatMap(volume -> identity(pool.image(volume.id())));
    return loops.attached(path -> !pool.isImageOfAnother(volumeId, path)).stream()
        .filter(
            device -> identity.map(device.file()::equals).orElseGet(() -> was(volumeId, device)))
        .toList();
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
