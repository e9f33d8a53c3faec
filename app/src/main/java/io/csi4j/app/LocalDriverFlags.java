package io.csi4j.app;

import io.csi4j.driver.framework.server.SocketAccess;
import io.csi4j.driver.local.Feature;
import io.csi4j.driver.local.LocalDriverOptions;
import io.csi4j.driver.local.LocalDriverOptions.BlockMetadata;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.options.Flags.Presence;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** The flags of the local driver, which its own room cannot read. */
final class LocalDriverFlags {
  private LocalDriverFlags() {}

  static LocalDriverOptions options(Flags flags) {
    var defaults = LocalDriverOptions.of("");
    var features = features(flags);
    var options =
        new LocalDriverOptions(
            flags.text("endpoint", defaults.endpoint(), "socket to serve, unix:///path.sock"),
            flags.requiredText("nodeid", "this node's name, as Kubernetes knows it"),
            Path.of(
                flags.text(
                    "statedir", defaults.stateDir().toString(), "images and journal are here")),
            flags.text("drivername", defaults.driverName(), "what classes call the driver"),
            defaults.version(),
            flags.truth("enable-attach", Presence.OFF, "simulate attaching, for an attacher")
                || features.containsAll(EnumSet.allOf(Feature.class)),
            flags.count("attach-limit", 0, "volumes attached at once; 0 for no limit"),
            flags.count("maxvolumespernode", 0, "what the node reports; 0 for no limit"),
            size(flags, "max-volume-size", defaults.volumeSizeBytesMax()),
            flags.truth("enable-topology", Presence.ON, "volumes can be used on this node only"),
            features,
            blockMetadata(flags),
            flags.count(
                "thin-overcommit",
                defaults.thinOvercommit(),
                "thin volumes together may be so many times as large as the pool"),
            access(flags));
    options
        .problems()
        .forEach(
            (name, problem) -> {
              if (!name.equals("nodeid") || !options.nodeId().isEmpty()) {
                flags.require(false, name, problem.replaceFirst("^must be ", ""));
              }
            });
    return options;
  }

  /** {@code --features} first, then hostpath's switches for single ones. */
  private static Set<Feature> features(Flags flags) {
    var words =
        flags.text("features", "default", "default, all, or names with commas: " + featureWords());
    var features = EnumSet.copyOf(Feature.defaults());
    for (var word : words.split(",", -1)) {
      switch (word) {
        case "default" -> {}
        case "all" -> features.addAll(EnumSet.allOf(Feature.class));
        default -> {
          var named = Feature.named(word);
          flags.require(named.isPresent(), "features", "default, all, or of " + featureWords());
          named.ifPresent(features::add);
        }
      }
    }
    if (!flags.truth("enable-volume-expansion", Presence.ON, "volumes can grow")) {
      features.removeAll(Set.of(Feature.CONTROLLER_EXPANSION, Feature.NODE_EXPANSION));
    }
    if (flags.truth("disable-controller-expansion", Presence.OFF, "only the node grows volumes")) {
      features.remove(Feature.CONTROLLER_EXPANSION);
    }
    if (flags.truth("disable-node-expansion", Presence.OFF, "only the controller grows volumes")) {
      features.remove(Feature.NODE_EXPANSION);
    }
    if (!flags.truth("enable-list-snapshots", Presence.ON, "snapshots can be listed")) {
      features.remove(Feature.LIST_SNAPSHOTS);
    }
    if (flags.truth(
        "enable-controller-modify-volume", Presence.OFF, "volumes can be changed while in use")) {
      features.add(Feature.MODIFY_VOLUME);
    }
    if (flags.truth("enable-snapshot-metadata", Presence.OFF, "tell backups what has changed")) {
      features.add(Feature.SNAPSHOT_METADATA);
    }
    return features;
  }

  private static String featureWords() {
    return Arrays.stream(Feature.values()).map(Feature::word).collect(Collectors.joining(", "));
  }

  private static BlockMetadata blockMetadata(Flags flags) {
    var text = flags.text("snapshot-metadata-block-type", "FIXED_LENGTH", "or VARIABLE_LENGTH");
    var known = Arrays.stream(BlockMetadata.values()).filter(each -> each.name().equals(text));
    var found = known.findFirst();
    flags.require(
        found.isPresent(), "snapshot-metadata-block-type", "FIXED_LENGTH or VARIABLE_LENGTH");
    return found.orElse(BlockMetadata.FIXED_LENGTH);
  }

  private static long size(Flags flags, String name, long fallback) {
    var text = flags.text(name, Long.toString(fallback), "bytes of the largest volume");
    var valid = text.matches("[0-9]{1,18}");
    flags.require(valid, name, "a whole number of bytes");
    return valid ? Long.parseLong(text) : fallback;
  }

  /** A controller's pod that is not root needs one or the other. */
  private static SocketAccess access(Flags flags) {
    var mode = flags.text("socket-mode", "0660", "who may use the socket, as chmod counts it");
    var group = flags.text("socket-gid", "", "the socket's group; empty for the process's own");
    var valid = group.matches("[0-9]{0,9}");
    flags.require(valid, "socket-gid", "the number of a group, or absent");
    var gid =
        valid && !group.isEmpty() ? OptionalInt.of(Integer.parseInt(group)) : OptionalInt.empty();
    try {
      return SocketAccess.parse(mode, gid);
    } catch (IllegalArgumentException e) {
      flags.require(false, "socket-mode", String.valueOf(e.getMessage()));
      return SocketAccess.DEFAULT;
    }
  }
}
