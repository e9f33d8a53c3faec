package io.csi4j.driver.framework.mount;

import io.csi4j.driver.framework.mount.PublishFacts.AtTarget;
import io.csi4j.driver.framework.syscall.MountTable;
import io.csi4j.driver.framework.syscall.Mounts;
import io.csi4j.driver.framework.syscall.NativeResult;
import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Answer.Nothing;
import io.csi4j.driver.spi.BlockDevices;
import io.csi4j.driver.spi.BlockDevices.Content;
import io.csi4j.driver.spi.BlockDevices.Use;
import io.csi4j.driver.spi.NodeVolumes;
import io.csi4j.driver.spi.PublishSpec;
import io.csi4j.driver.spi.Reason;
import io.csi4j.driver.spi.Writing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out {@link PublishStep}, and the way back. */
final class DevicePublishing implements NodeVolumes {
  private static final Logger log = LoggerFactory.getLogger(DevicePublishing.class);

  private final BlockDevices devices;
  private final Mounts mounts;
  private final NodeUsage usage;

  DevicePublishing(BlockDevices devices, Mounts mounts, NodeUsage usage) {
    this.devices = devices;
    this.mounts = mounts;
    this.usage = usage;
  }

  @Override
  public Answer<Nothing> publish(PublishSpec spec) {
    return devices.find(spec.volumeId()).then(content -> publishKnown(spec, content));
  }

  @Override
  public Answer<Nothing> unpublish(String volumeId, Path targetPath) {
    try {
      var target = RealPaths.of(targetPath);
      return target.isPresent() ? clear(volumeId, target.get()) : Answer.done();
    } catch (IOException failure) {
      return Answer.refused(
          Reason.INTERNAL, "could not remove target %s: %s".formatted(targetPath, failure));
    }
  }

  private Answer<Nothing> publishKnown(PublishSpec spec, Content content) {
    try {
      var target = RealPaths.of(spec.targetPath());
      if (target.isEmpty()) {
        return Answer.refused(
            Reason.FAILED_PRECONDITION,
            "the folder that target %s shall be in does not exist".formatted(spec.targetPath()));
      }
      var facts = facts(spec, content, target.get());
      return switch (PublishStep.decide(facts)) {
        case PublishStep.Published() -> {
          if (facts.remembered() == null) {
            remember(facts);
          }
          yield Answer.done();
        }
        case PublishStep.Refuse(var reason, var message) -> Answer.refused(reason, message);
        case PublishStep.ShowFolder(var writing) -> showFolder(facts, writing);
        case PublishStep.ShowDevice(var writing) -> showDevice(facts, writing);
      };
    } catch (IOException failure) {
      return Answer.refused(
          Reason.INTERNAL,
          "could not publish volume %s at %s: %s"
              .formatted(spec.volumeId(), spec.targetPath(), failure));
    }
  }

  private PublishFacts facts(PublishSpec spec, Content content, Path target) throws IOException {
    var views = views(spec.volumeId());
    return new PublishFacts(
        spec,
        target,
        content,
        staged(spec, content, views),
        atTarget(target, views),
        usage.target(target).filter(known -> known.volumeId().equals(spec.volumeId())).orElse(null),
        otherTargets(spec.volumeId(), target, views),
        views.attached());
  }

  private boolean staged(PublishSpec spec, Content content, DeviceViews views) throws IOException {
    var stagingPath = spec.stagingPath();
    var path = stagingPath == null ? null : RealPaths.of(stagingPath).orElse(null);
    if (path == null) {
      return false;
    }
    return switch (content) {
      case Content.FileSystem _ -> views.at(path);
      // A raw volume leaves nothing at its staging path: the device and our memory must do.
      case Content.Raw() ->
          views.attached().stream().anyMatch(device -> device.writing() == Writing.READ_WRITE)
              && usage.staged(spec.volumeId()).map(known -> known.path().equals(path)).orElse(true);
    };
  }

  private static AtTarget atTarget(Path target, DeviceViews views) throws IOException {
    var top = views.mounts().topAt(target);
    if (top.isEmpty()) {
      return new AtTarget.Free();
    }
    if (!views.at(target)) {
      return new AtTarget.Foreign();
    }
    var readOnlyDevice =
        views.attached().stream()
            .filter(device -> device.writing() == Writing.READ_ONLY)
            .anyMatch(device -> top.get().root().equals("/" + device.node().getFileName()));
    return new AtTarget.Ours(top.get().readOnly() || readOnlyDevice);
  }

  private List<NodeUsage.Target> otherTargets(String volumeId, Path target, DeviceViews views)
      throws IOException {
    List<NodeUsage.Target> others = new ArrayList<>();
    for (var known : usage.targets(volumeId)) {
      if (!known.path().equals(target) && views.at(known.path())) {
        others.add(known);
      }
    }
    return others;
  }

  private Answer<Nothing> showFolder(PublishFacts facts, Writing writing) throws IOException {
    var stagingPath = facts.spec().stagingPath();
    if (stagingPath == null) {
      throw new IllegalStateException("decided to publish without a staging path");
    }
    remember(facts);
    var made = TargetEntry.folder(facts.target());
    return bound(facts, made, bind(RealPaths.of(stagingPath).orElseThrow(), facts, writing));
  }

  private Answer<Nothing> showDevice(PublishFacts facts, Writing writing) throws IOException {
    remember(facts);
    var made = TargetEntry.file(facts.target());
    var use =
        switch (writing) {
          case READ_WRITE -> Use.RAW;
          case READ_ONLY -> Use.RAW_READ_ONLY;
        };
    var attached = devices.attach(facts.spec().volumeId(), use, facts.spec().data());
    return switch (attached) {
      case Answer.Done<BlockDevices.DeviceHold>(var hold) -> {
        try (hold) {
          yield bound(facts, made, mounts.bind(hold.node(), facts.target()));
        }
      }
      case Answer.Refused<BlockDevices.DeviceHold> refused -> {
        undo(facts, made);
        yield refused.as();
      }
    };
  }

  private NativeResult<Path> bind(Path stagingPath, PublishFacts facts, Writing writing) {
    return switch (writing) {
      case READ_WRITE -> mounts.bind(stagingPath, facts.target());
      case READ_ONLY -> mounts.bindReadOnly(stagingPath, facts.target());
    };
  }

  private Answer<Nothing> bound(
      PublishFacts facts, TargetEntry.Made made, NativeResult<Path> result) throws IOException {
    return switch (result) {
      case NativeResult.Value<Path> _ -> Answer.done();
      case NativeResult.Failed<Path> failed -> {
        undo(facts, made);
        yield NodeFailure.refused(failed);
      }
    };
  }

  private void undo(PublishFacts facts, TargetEntry.Made made) throws IOException {
    if (made == TargetEntry.Made.NOW) {
      TargetEntry.remove(facts.target());
    }
    usage.forgetTarget(facts.target());
  }

  private void remember(PublishFacts facts) {
    var spec = facts.spec();
    usage.rememberTarget(
        new NodeUsage.Target(
            spec.volumeId(), facts.target(), spec.capability().mode(), Fingerprint.of(spec)));
  }

  private Answer<Nothing> clear(String volumeId, Path target) throws IOException {
    for (var views = views(volumeId);
        views.mounts().topAt(target).isPresent();
        views = views(volumeId)) {
      if (!views.at(target)) {
        log.atWarn()
            .addKeyValue("volume", volumeId)
            .addKeyValue("target", target)
            .log("left alone what is mounted at the target, since it is not this volume");
        return Answer.done();
      }
      if (mounts.unmount(target) instanceof NativeResult.Failed<Path> failed) {
        return NodeFailure.refused(failed);
      }
    }
    if (!Files.isSymbolicLink(target)) {
      TargetEntry.remove(target);
    }
    usage.forgetTarget(target);
    return detachReadOnly(volumeId);
  }

  /**
   * The device for reading is there for targets only; the one for writing goes when the volume is
   * unstaged.
   */
  private Answer<Nothing> detachReadOnly(String volumeId) {
    var views = views(volumeId);
    for (var device : views.attached()) {
      if (device.writing() == Writing.READ_ONLY && !views.inUse(device)) {
        var answer = devices.detach(volumeId, device);
        if (answer instanceof Answer.Refused<Nothing>) {
          return answer;
        }
      }
    }
    return Answer.done();
  }

  private DeviceViews views(String volumeId) {
    return new DeviceViews(devices.attached(volumeId), MountTable.read());
  }
}
