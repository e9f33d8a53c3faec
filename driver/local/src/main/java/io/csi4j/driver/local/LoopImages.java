package io.csi4j.driver.local;

import io.csi4j.driver.framework.spi.Answer;
import io.csi4j.driver.framework.spi.Answer.Nothing;
import io.csi4j.driver.framework.spi.BlockDevices;
import io.csi4j.driver.framework.spi.Reason;
import io.csi4j.driver.framework.spi.StageData;
import io.csi4j.driver.framework.spi.Writing;
import io.csi4j.driver.framework.syscall.FileIdentity;
import io.csi4j.driver.framework.syscall.LoopDevice;
import io.csi4j.driver.framework.syscall.LoopDevices;
import io.csi4j.driver.framework.syscall.LoopHold;
import io.csi4j.driver.framework.syscall.LoopUse;
import io.csi4j.driver.framework.syscall.NativeResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The loop devices that our images are. */
final class LoopImages implements BlockDevices {
  private final VolumeStore volumes;
  private final Pool pool;
  private final LoopDevices loops;

  LoopImages(VolumeStore volumes, Pool pool, LoopDevices loops) {
    this.volumes = volumes;
    this.pool = pool;
    this.loops = loops;
  }

  @Override
  public Answer<Content> find(String volumeId) {
    return volumes
        .byId(volumeId)
        .filter(volume -> volume.stage() == VolumeRecord.Stage.READY)
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
      case NativeResult.Value<LoopHold>(var hold) -> Answer.done(new HeldLoop(hold));
      case NativeResult.Failed<LoopHold> failed ->
          Answer.refused(Reason.INTERNAL, "could not " + failed.message());
    };
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
