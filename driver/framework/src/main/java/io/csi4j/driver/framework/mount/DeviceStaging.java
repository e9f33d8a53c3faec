package io.csi4j.driver.framework.mount;

import io.csi4j.driver.framework.syscall.MountFlags;
import io.csi4j.driver.framework.syscall.MountTable;
import io.csi4j.driver.framework.syscall.Mounts;
import io.csi4j.driver.framework.syscall.NativeResult;
import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Answer.Nothing;
import io.csi4j.driver.spi.BlockDevices;
import io.csi4j.driver.spi.BlockDevices.Content;
import io.csi4j.driver.spi.BlockDevices.Use;
import io.csi4j.driver.spi.Reason;
import io.csi4j.driver.spi.StageSpec;
import io.csi4j.driver.spi.Staging;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Carries out {@link StageStep}, and the way back. */
final class DeviceStaging implements Staging {
  private final BlockDevices devices;
  private final Mounts mounts;
  private final FileSystemGrower grower;
  private final NodeUsage usage;

  DeviceStaging(BlockDevices devices, DeviceNode.Machine machine, NodeUsage usage) {
    this.devices = devices;
    this.mounts = machine.mounts();
    this.grower = machine.grower();
    this.usage = usage;
  }

  @Override
  public Answer<Nothing> stage(StageSpec spec) {
    return devices.find(spec.volumeId()).then(content -> stageKnown(spec, content));
  }

  @Override
  public Answer<Nothing> unstage(String volumeId, Path stagingPath) {
    var path = realPath(stagingPath);
    for (var views = views(volumeId); seenAt(path, views); views = views(volumeId)) {
      var answer = leave(volumeId, path, views);
      if (answer instanceof Answer.Refused<Nothing>) {
        return answer;
      }
    }
    return release(volumeId, path);
  }

  private Answer<Nothing> stageKnown(StageSpec spec, Content content) {
    var path = realPath(spec.stagingPath());
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      return Answer.refused(
          Reason.FAILED_PRECONDITION, "staging path %s is not a folder".formatted(path));
    }
    var remembered = usage.staged(spec.volumeId()).orElse(null);
    var facts =
        new StageFacts(
            spec, path, content, devices.attached(spec.volumeId()), MountTable.read(), remembered);
    return switch (StageStep.decide(facts)) {
      case StageStep.Staged() -> {
        if (remembered == null) {
          remember(spec, path);
        }
        yield Answer.done();
      }
      case StageStep.Refuse(var reason, var message) -> Answer.refused(reason, message);
      case StageStep.AttachDevice() -> attachRaw(spec, path);
      case StageStep.AttachAndMount(var type, var flags) -> mount(spec, path, type, flags);
    };
  }

  private Answer<Nothing> attachRaw(StageSpec spec, Path path) {
    remember(spec, path);
    return devices
        .attach(spec.volumeId(), Use.RAW, spec.data())
        .map(
            hold -> {
              hold.close();
              return Nothing.NOTHING;
            });
  }

  private Answer<Nothing> mount(StageSpec spec, Path path, FsType type, MountFlags flags) {
    remember(spec, path);
    return devices
        .attach(spec.volumeId(), Use.MOUNT, spec.data())
        .then(
            hold -> {
              try (hold) {
                return flags.readOnly()
                    ? mount(hold.node(), path, type, flags)
                    : grower
                        .beforeMount(type, hold.node())
                        .then(_ -> mount(hold.node(), path, type, flags))
                        .then(_ -> growMounted(type, hold.node(), path));
              }
            });
  }

  private Answer<Nothing> mount(Path device, Path path, FsType type, MountFlags flags) {
    return switch (mounts.mount(device, path, type.fsType(), type.mountFlags(flags))) {
      case NativeResult.Value<Path> _ -> Answer.done();
      case NativeResult.Failed<Path> failed -> NodeFailure.refused(failed);
    };
  }

  /** What cannot be grown is not left mounted: the next call would take it for done. */
  private Answer<Nothing> growMounted(FsType type, Path device, Path path) {
    var answer = grower.afterMount(type, device, path);
    if (answer instanceof Answer.Refused<Nothing>
        && mounts.unmount(path) instanceof NativeResult.Failed<Path> failed) {
      return NodeFailure.refused(failed);
    }
    return answer;
  }

  private void remember(StageSpec spec, Path path) {
    usage.rememberStaged(spec.volumeId(), new NodeUsage.Staged(path, Fingerprint.of(spec)));
  }

  private Answer<Nothing> leave(String volumeId, Path path, DeviceViews views) {
    return stillPublished(volumeId, views)
        .then(
            _ ->
                switch (mounts.unmount(path)) {
                  case NativeResult.Value<Path> _ -> Answer.done();
                  case NativeResult.Failed<Path> failed -> NodeFailure.refused(failed);
                });
  }

  /**
   * Devices that nothing shows any more go; a mounted one may be somebody else's way to look at it.
   */
  private Answer<Nothing> release(String volumeId, Path path) {
    var remembered = usage.staged(volumeId);
    if (remembered.isPresent() && !remembered.get().path().equals(path)) {
      return Answer.done(); // staged, but not there
    }
    var views = views(volumeId);
    var answer = stillPublished(volumeId, views);
    for (var device : views.attached()) {
      if (!views.inUse(device)) {
        answer = answer.then(_ -> devices.detach(volumeId, device));
      }
    }
    return answer.map(
        nothing -> {
          usage.forgetVolume(volumeId);
          return nothing;
        });
  }

  private Answer<Nothing> stillPublished(String volumeId, DeviceViews views) {
    for (var target : usage.targets(volumeId)) {
      if (seenAt(target.path(), views)) {
        return Answer.refused(
            Reason.FAILED_PRECONDITION,
            "volume %s is still published at %s".formatted(volumeId, target.path()));
      }
    }
    return Answer.done();
  }

  private DeviceViews views(String volumeId) {
    return new DeviceViews(devices.attached(volumeId), MountTable.read());
  }

  private static boolean seenAt(Path place, DeviceViews views) {
    try {
      return views.at(place);
    } catch (IOException failure) {
      throw new UncheckedIOException("could not look at " + place, failure);
    }
  }

  private static Path realPath(Path path) {
    try {
      return RealPaths.of(path).orElse(path);
    } catch (IOException failure) {
      throw new UncheckedIOException("could not resolve " + path, failure);
    }
  }
}
