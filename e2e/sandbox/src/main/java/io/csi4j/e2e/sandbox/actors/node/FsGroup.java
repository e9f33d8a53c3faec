package io.csi4j.e2e.sandbox.actors.node;

import io.csi4j.e2e.sandbox.actors.node.Wanted.Mountable;
import io.csi4j.e2e.sandbox.actors.view.CsiDriver;
import io.csi4j.e2e.sandbox.actors.view.Volume;
import io.csi4j.e2e.sandbox.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** Gives a volume's files to the group of its pod, where that is kubelet's job. */
final class FsGroup {
  private static final String GROUP = "unix:gid";

  private FsGroup() {}

  /**
   * @param onMismatchOnly whether a root that fits stands for all that is below it
   */
  record Wish(int group, boolean onMismatchOnly) {}

  /** What the pod wants and the driver does not do itself. Pure. */
  static Optional<Wish> wanted(Mountable wanted, NodeTraits traits, CsiDriver driver) {
    var security = Json.at(wanted.pod().json(), "spec", "securityContext");
    if (!Json.has(security, "fsGroup") || traits.setsGroup() || wanted.podVolume().readOnly()) {
      return Optional.empty();
    }
    var does =
        switch (driver.fsGroupPolicy()) {
          case "None" -> false;
          case "File" -> true;
          default -> singleWriterWithType(wanted);
        };
    var wish =
        new Wish(
            security.path("fsGroup").asInt(),
            Json.text(security, "fsGroupChangePolicy").equals("OnRootMismatch"));
    return does ? Optional.of(wish) : Optional.empty();
  }

  private static boolean singleWriterWithType(Mountable wanted) {
    if (wanted.spec().inline()) {
      return !Json.text(wanted.podVolume().json(), "csi", "fsType").isEmpty();
    }
    var modes = wanted.volume().map(Volume::accessModes).orElse(List.of());
    return !wanted.volume().map(Volume::fsType).orElse("").isEmpty()
        && (modes.contains("ReadWriteOnce") || modes.contains("ReadWriteOncePod"));
  }

  static void apply(Path root, Wish wish) throws IOException {
    if (wish.onMismatchOnly && Files.getAttribute(root, GROUP).equals(wish.group)) {
      return;
    }
    try (var files = Files.walk(root)) {
      for (var file : files.toList()) {
        Files.setAttribute(file, GROUP, wish.group, LinkOption.NOFOLLOW_LINKS);
        if (!Files.isSymbolicLink(file)) {
          open(file);
        }
      }
    }
  }

  private static void open(Path file) throws IOException {
    var permissions = new HashSet<>(Files.getPosixFilePermissions(file));
    permissions.add(PosixFilePermission.GROUP_READ);
    permissions.add(PosixFilePermission.GROUP_WRITE);
    if (Files.isDirectory(file)) {
      permissions.add(PosixFilePermission.GROUP_EXECUTE);
    }
    Files.setPosixFilePermissions(file, permissions);
  }
}
