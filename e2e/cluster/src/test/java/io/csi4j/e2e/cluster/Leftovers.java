package io.csi4j.e2e.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** What volumes have on a node: mounts, loop devices, files of the driver. */
final class Leftovers {
  private Leftovers() {}

  static List<String> of(ClusterUnderTest cluster, String state, List<VolumesSeen.Volume> volumes)
      throws IOException {
    var found = new ArrayList<String>();
    var mounts = cluster.mountsOnNode("/");
    var loops = ClusterUnderTest.loopDevices("/");
    var files = files(cluster, state);
    for (var volume : volumes) {
      for (var mark : marks(volume)) {
        add(found, "mount", mounts, mark);
        add(found, "loop device", loops, mark);
        add(found, "file", files, mark);
      }
    }
    return found.stream().distinct().toList();
  }

  static List<String> mounts(ClusterUnderTest cluster, VolumesSeen.Volume volume)
      throws IOException {
    return cluster.mountsOnNode("/").stream()
        .filter(mount -> marks(volume).stream().anyMatch(mount::contains))
        .toList();
  }

  private static List<String> marks(VolumesSeen.Volume volume) {
    return List.of(volume.name(), volume.handle(), volume.stagingFolder());
  }

  private static void add(List<String> found, String what, List<String> among, String mark) {
    among.stream()
        .filter(each -> each.contains(mark))
        .forEach(each -> found.add(what + " " + each));
  }

  private static List<String> files(ClusterUnderTest cluster, String state) throws IOException {
    var found = new ArrayList<String>();
    for (var kind : List.of("volumes", "snapshots")) {
      try (var files = Files.list(cluster.onNode(state).resolve(kind))) {
        files.map(Object::toString).forEach(found::add);
      }
    }
    return found;
  }
}
