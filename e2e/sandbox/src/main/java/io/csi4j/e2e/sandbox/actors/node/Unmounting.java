package io.csi4j.e2e.sandbox.actors.node;

import io.csi4j.e2e.sandbox.actors.csi.CsiAnswer;
import io.csi4j.e2e.sandbox.actors.node.Actual.Device;
import io.csi4j.e2e.sandbox.actors.node.Actual.Mount;
import io.csi4j.e2e.sandbox.actors.node.Actual.Presence;
import io.csi4j.proto.csi.v1.NodeUnpublishVolumeRequest;
import io.csi4j.proto.csi.v1.NodeUnpublishVolumeResponse;
import io.csi4j.proto.csi.v1.NodeUnstageVolumeRequest;
import io.csi4j.proto.csi.v1.NodeUnstageVolumeResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/** Takes volumes away: {@code NodeUnpublishVolume}, {@code NodeUnstageVolume}, directories. */
final class Unmounting {
  private final NodePaths paths;
  private final Plugins plugins;
  private final Actual actual;

  Unmounting(NodeTools tools) {
    this.paths = tools.paths();
    this.plugins = tools.plugins();
    this.actual = tools.actual();
  }

  OpResult unpublish(Mount mount) throws IOException {
    var spec = mount.spec();
    var service = plugins.service(spec.driver());
    if (service.isEmpty()) {
      return OpResult.notRegistered(spec.driver());
    }
    var podUid = mount.key().podUid();
    if (spec.block()) {
      Files.deleteIfExists(paths.blockLink(podUid, spec));
    }
    var request =
        NodeUnpublishVolumeRequest.newBuilder()
            .setVolumeId(spec.handle())
            .setTargetPath(paths.target(podUid, spec).toString())
            .build();
    return switch (service.get().unpublish(request)) {
      case CsiAnswer.Failed<NodeUnpublishVolumeResponse> failed ->
          new OpResult.Failed(failed.text());
      case CsiAnswer.Done<NodeUnpublishVolumeResponse> _ -> {
        removeTarget(podUid, spec);
        removePod(podUid);
        actual.put(new Mount(mount.key(), spec, Presence.NONE, 0));
        yield new OpResult.Done();
      }
    };
  }

  /** What the driver left, if nothing is mounted there, and then what kubelet wrote beside it. */
  void removeTarget(String podUid, MountSpec spec) throws IOException {
    var target = paths.target(podUid, spec);
    MountPoints.removeEmpty(target);
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (spec.block()) {
      removeIfEmpty(paths.targetFolder(podUid, spec));
    } else {
      Files.deleteIfExists(paths.volumeFolder(podUid, spec).resolve(VolumeData.FILE));
      removeIfEmpty(paths.volumeFolder(podUid, spec));
    }
  }

  private void removePod(String podUid) throws IOException {
    var pod = paths.pod(podUid);
    for (var folder : List.of(NodePaths.volumesIn(pod), NodePaths.blockLinksIn(pod))) {
      removeIfEmpty(folder);
    }
    for (var folder : List.of("volumes", "volumeDevices")) {
      removeIfEmpty(pod.resolve(folder));
    }
    removeIfEmpty(pod);
  }

  private static void removeIfEmpty(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    boolean empty;
    try (var files = Files.list(folder)) {
      empty = files.findAny().isEmpty();
    }
    if (empty) {
      MountPoints.removeEmpty(folder);
    }
  }

  OpResult unstage(Device device) throws IOException {
    var spec = device.spec();
    var service = plugins.service(spec.driver());
    if (service.isEmpty()) {
      return OpResult.notRegistered(spec.driver());
    }
    return switch (service.get().traits()) {
      case CsiAnswer.Failed<NodeTraits> failed -> new OpResult.Failed(failed.text());
      case CsiAnswer.Done<NodeTraits>(var traits) ->
          traits.stages() ? unstage(spec, service.get()) : unstaged(spec);
    };
  }

  private OpResult unstage(MountSpec spec, NodeService service) throws IOException {
    var request =
        NodeUnstageVolumeRequest.newBuilder()
            .setVolumeId(spec.handle())
            .setStagingTargetPath(paths.staging(spec).toString())
            .build();
    return switch (service.unstage(request)) {
      case CsiAnswer.Failed<NodeUnstageVolumeResponse> failed -> new OpResult.Failed(failed.text());
      case CsiAnswer.Done<NodeUnstageVolumeResponse> _ -> unstaged(spec);
    };
  }

  private OpResult unstaged(MountSpec spec) throws IOException {
    if (spec.block()) {
      MountPoints.removeTree(paths.staging(spec));
      MountPoints.removeTree(paths.blockFolder(spec));
    } else {
      MountPoints.removeEmpty(paths.staging(spec));
      Files.deleteIfExists(paths.stagingData(spec).resolve(VolumeData.FILE));
      MountPoints.removeEmpty(paths.stagingData(spec));
    }
    actual.put(new Device(spec, Presence.NONE));
    return new OpResult.Done();
  }
}
