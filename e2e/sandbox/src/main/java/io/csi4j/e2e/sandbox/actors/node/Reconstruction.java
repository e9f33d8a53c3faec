package io.csi4j.e2e.sandbox.actors.node;

import io.csi4j.e2e.sandbox.actors.node.Actual.Device;
import io.csi4j.e2e.sandbox.actors.node.Actual.Mount;
import io.csi4j.e2e.sandbox.actors.node.Actual.MountKey;
import io.csi4j.e2e.sandbox.actors.node.Actual.Presence;
import io.csi4j.e2e.sandbox.actors.node.MountSpec.Form;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Finds by the directories what an earlier life may have staged and published. None of it is known
 * to be well: it is done again, or undone. Folders without data are left alone.
 */
record Reconstruction(NodePaths paths, Actual actual) {

  void run() throws IOException {
    fileSystems();
    blocks();
    for (var pod : folders(paths.pods())) {
      for (var volume : folders(NodePaths.volumesIn(pod))) {
        mount(pod.getFileName().toString(), volume);
      }
    }
  }

  private void fileSystems() throws IOException {
    for (var driver : folders(paths.devices())) {
      if (driver.equals(paths.blockDevices())) {
        continue;
      }
      for (var device : folders(driver)) {
        VolumeData.read(device)
            .map(data -> data.spec(device.getFileName().toString(), Form.FILE_SYSTEM))
            .ifPresent(spec -> actual.put(new Device(spec, Presence.UNCERTAIN)));
      }
    }
  }

  private void mount(String podUid, Path volume) {
    var data = VolumeData.read(volume);
    if (data.isEmpty()) {
      return;
    }
    var form = data.get().ephemeral() ? Form.INLINE : Form.FILE_SYSTEM;
    var spec = data.get().spec(data.get().value("specVolID"), form);
    actual.put(
        new Mount(new MountKey(podUid, spec.specName()), spec, Presence.UNCERTAIN, Long.MAX_VALUE));
    if (form == Form.FILE_SYSTEM && actual.device(spec) != Presence.NONE) {
      // The staging folder is found by the handle; only now the volume's name is known.
      actual.put(new Device(spec, Presence.UNCERTAIN));
    }
  }

  private void blocks() throws IOException {
    for (var folder : folders(paths.blockDevices())) {
      var data = VolumeData.read(folder.resolve("data"));
      if (data.isEmpty()) {
        continue;
      }
      var spec = data.get().spec(data.get().value("specVolID"), Form.BLOCK);
      actual.put(new Device(spec, Presence.UNCERTAIN));
      for (var target : list(paths.targetFolder("", spec))) {
        var key = new MountKey(target.getFileName().toString(), spec.specName());
        actual.put(new Mount(key, spec, Presence.UNCERTAIN, Long.MAX_VALUE));
      }
    }
  }

  private static List<Path> folders(Path in) throws IOException {
    return list(in).stream().filter(Files::isDirectory).toList();
  }

  private static List<Path> list(Path in) throws IOException {
    if (!Files.isDirectory(in)) {
      return List.of();
    }
    try (var found = Files.list(in)) {
      return found.sorted().toList();
    }
  }
}
