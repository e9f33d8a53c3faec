package io.csi4j.e2e.sandbox.actors.node;

import io.csi4j.e2e.sandbox.actors.view.VolumeNames;
import java.nio.file.Path;

/** Kubelet's directories. A spec name is the volume's name in them. */
record NodePaths(Path root) {
  private static final String PLUGIN = "kubernetes.io~csi";

  Path registry() {
    return root.resolve("plugins_registry");
  }

  Path pods() {
    return root.resolve("pods");
  }

  private Path plugin() {
    return root.resolve("plugins/kubernetes.io/csi");
  }

  /** Holds a folder per driver, and in it one per volume. */
  Path devices() {
    return plugin();
  }

  Path blockDevices() {
    return plugin().resolve("volumeDevices");
  }

  Path staging(MountSpec spec) {
    return spec.block()
        ? blockDevices().resolve("staging").resolve(spec.pathName())
        : deviceFolder(spec).resolve("globalmount");
  }

  /** Where the staged volume's data is written down. */
  Path stagingData(MountSpec spec) {
    return spec.block() ? blockFolder(spec).resolve("data") : deviceFolder(spec);
  }

  private Path deviceFolder(MountSpec spec) {
    return plugin().resolve(spec.driver()).resolve(VolumeNames.hash(spec.handle()));
  }

  Path target(String podUid, MountSpec spec) {
    return targetFolder(podUid, spec).resolve(spec.block() ? podUid : "mount");
  }

  /** What the target is in: this much kubelet makes, and no more. */
  Path targetFolder(String podUid, MountSpec spec) {
    return spec.block()
        ? blockDevices().resolve("publish").resolve(spec.pathName())
        : volumeFolder(podUid, spec);
  }

  /** All that is kept of a block volume. */
  Path blockFolder(MountSpec spec) {
    return blockDevices().resolve(spec.pathName());
  }

  /** Where the published volume's data is written down; of no use to block volumes. */
  Path volumeFolder(String podUid, MountSpec spec) {
    return pod(podUid).resolve("volumes").resolve(PLUGIN).resolve(spec.pathName());
  }

  /** The link that the pod's containers get a block device by. */
  Path blockLink(String podUid, MountSpec spec) {
    return pod(podUid).resolve("volumeDevices").resolve(PLUGIN).resolve(spec.pathName());
  }

  Path pod(String podUid) {
    return pods().resolve(podUid);
  }

  static Path volumesIn(Path pod) {
    return pod.resolve("volumes").resolve(PLUGIN);
  }

  static Path blockLinksIn(Path pod) {
    return pod.resolve("volumeDevices").resolve(PLUGIN);
  }
}
