package io.csi4j.e2e.sandbox.actors.node;

import io.csi4j.e2e.sandbox.actors.csi.CsiAnswer;
import io.csi4j.e2e.sandbox.actors.node.Actual.Device;
import io.csi4j.e2e.sandbox.actors.node.Actual.Mount;
import io.csi4j.e2e.sandbox.actors.node.Actual.Presence;
import io.csi4j.e2e.sandbox.actors.node.Wanted.Mountable;
import io.csi4j.e2e.sandbox.actors.view.View;
import io.csi4j.e2e.sandbox.actors.view.Volume;
import io.csi4j.proto.csi.v1.NodePublishVolumeResponse;
import io.csi4j.proto.csi.v1.NodeStageVolumeResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Brings a volume to a pod: directories, {@code NodeStageVolume}, {@code NodePublishVolume}. */
final class Mounting {
  private static final String FOLDER_MODE = "rwxr-x---";

  private final String node;
  private final NodePaths paths;
  private final View view;
  private final InputReader inputs;
  private final Plugins plugins;
  private final Actual actual;
  private final Unmounting unmounting;

  Mounting(NodeOptions options, NodeTools tools) {
    this.node = options.name();
    this.paths = tools.paths();
    this.view = tools.view();
    this.inputs = tools.inputs();
    this.plugins = tools.plugins();
    this.actual = tools.actual();
    this.unmounting = new Unmounting(tools);
  }

  OpResult stage(Mountable wanted) throws IOException {
    var spec = wanted.spec();
    var service = plugins.service(spec.driver());
    if (service.isEmpty()) {
      return OpResult.notRegistered(spec.driver());
    }
    return switch (service.get().traits()) {
      case CsiAnswer.Failed<NodeTraits> failed -> new OpResult.Failed(failed.text());
      case CsiAnswer.Done<NodeTraits>(var traits) -> stage(wanted, service.get(), traits);
    };
  }

  private OpResult stage(Mountable wanted, NodeService service, NodeTraits traits)
      throws IOException {
    var spec = wanted.spec();
    // Secrets first: without them nothing may be left behind.
    var request = MountRequests.stage(inputs.forStage(wanted, traits), paths.staging(spec));
    makeFolder(paths.staging(spec));
    makeFolder(paths.stagingData(spec));
    VolumeData.staged(spec, node).write(paths.stagingData(spec));
    if (!traits.stages()) {
      actual.put(new Device(spec, Presence.SURE));
      return new OpResult.Done();
    }
    return switch (service.stage(request)) {
      case CsiAnswer.Done<NodeStageVolumeResponse> _ -> {
        actual.put(new Device(spec, Presence.SURE));
        yield new OpResult.Done();
      }
      case CsiAnswer.Failed<NodeStageVolumeResponse> failed -> {
        if (failed.isFinal()) {
          actual.put(new Device(spec, Presence.NONE));
          removeStaging(spec);
        } else {
          actual.put(new Device(spec, Presence.UNCERTAIN));
        }
        yield new OpResult.Failed(failed.text());
      }
    };
  }

  private void removeStaging(MountSpec spec) throws IOException {
    MountPoints.removeEmpty(paths.staging(spec));
    if (!Files.exists(paths.staging(spec), LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(paths.stagingData(spec).resolve(VolumeData.FILE));
      MountPoints.removeEmpty(paths.stagingData(spec));
    }
  }

  OpResult publish(Mountable wanted) throws IOException {
    var spec = wanted.spec();
    var service = plugins.service(spec.driver());
    if (service.isEmpty()) {
      return OpResult.notRegistered(spec.driver());
    }
    return switch (service.get().traits()) {
      case CsiAnswer.Failed<NodeTraits> failed -> new OpResult.Failed(failed.text());
      case CsiAnswer.Done<NodeTraits>(var traits) -> publish(wanted, service.get(), traits);
    };
  }

  private OpResult publish(Mountable wanted, NodeService service, NodeTraits traits)
      throws IOException {
    var spec = wanted.spec();
    var podUid = wanted.pod().uid();
    var target = paths.target(podUid, spec);
    var staged = !spec.inline() && (traits.stages() || spec.block());
    var staging = staged ? paths.staging(spec).toString() : "";
    var request = MountRequests.publish(inputs.forPublish(wanted, traits), staging, target);
    makeFolder(paths.targetFolder(podUid, spec));
    if (!spec.block()) {
      VolumeData.published(spec, node).write(paths.volumeFolder(podUid, spec));
    }
    return switch (service.publish(request)) {
      case CsiAnswer.Done<NodePublishVolumeResponse> _ -> published(wanted, traits);
      case CsiAnswer.Failed<NodePublishVolumeResponse> failed -> {
        failed(wanted, failed.isFinal());
        yield new OpResult.Failed(failed.text());
      }
    };
  }

  private OpResult published(Mountable wanted, NodeTraits traits) throws IOException {
    var spec = wanted.spec();
    var target = paths.target(wanted.pod().uid(), spec);
    if (spec.block()) {
      var link = paths.blockLink(wanted.pod().uid(), spec);
      makeFolder(NodePaths.blockLinksIn(paths.pod(wanted.pod().uid())));
      Files.deleteIfExists(link);
      Files.createSymbolicLink(link, target);
    } else {
      var group = FsGroup.wanted(wanted, traits, view.driver(spec.driver()));
      // Not known to be well until the files are the group's.
      put(wanted, Presence.UNCERTAIN);
      if (group.isPresent()) {
        FsGroup.apply(target, group.get());
      }
    }
    put(wanted, Presence.SURE);
    return new OpResult.Done();
  }

  private void failed(Mountable wanted, boolean isFinal) throws IOException {
    if (!isFinal) {
      put(wanted, Presence.UNCERTAIN);
      return;
    }
    if (actual.mount(wanted.key()) == Presence.SURE) {
      // A pod uses it: what a driver says to a repeated call must not take that away.
      return;
    }
    put(wanted, Presence.NONE);
    unmounting.removeTarget(wanted.key().podUid(), wanted.spec());
  }

  private void put(Mountable wanted, Presence presence) {
    var size = wanted.volume().map(Volume::capacity).orElse(java.math.BigDecimal.ZERO).longValue();
    actual.put(new Mount(wanted.key(), wanted.spec(), presence, size));
  }

  private static void makeFolder(Path folder) throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(FOLDER_MODE)));
  }
}
