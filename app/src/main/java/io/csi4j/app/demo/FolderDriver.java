package io.csi4j.app.demo;

import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Answer.Nothing;
import io.csi4j.driver.spi.AttachmentSpec;
import io.csi4j.driver.spi.Attachments;
import io.csi4j.driver.spi.CapacityRange;
import io.csi4j.driver.spi.ContentSource;
import io.csi4j.driver.spi.ControllerParts;
import io.csi4j.driver.spi.Expansion;
import io.csi4j.driver.spi.NodeInfo;
import io.csi4j.driver.spi.NodeParts;
import io.csi4j.driver.spi.NodeVolumes;
import io.csi4j.driver.spi.Plugin;
import io.csi4j.driver.spi.PluginInfo;
import io.csi4j.driver.spi.PublishSpec;
import io.csi4j.driver.spi.Readiness;
import io.csi4j.driver.spi.Reason;
import io.csi4j.driver.spi.Secrets;
import io.csi4j.driver.spi.Trait;
import io.csi4j.driver.spi.Volume;
import io.csi4j.driver.spi.VolumeListing;
import io.csi4j.driver.spi.VolumeSpec;
import io.csi4j.driver.spi.Volumes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * A driver for machines that let us mount nothing: a volume is a folder, a pod's volume is a link
 * to it, and a size is only a number. What it knows dies with it, which is as long as the demo
 * lasts.
 */
final class FolderDriver implements Volumes, VolumeListing, Attachments, Expansion, NodeVolumes {
  private static final long DEFAULT_BYTES = 1L << 30;

  private final String name;
  private final String nodeId;
  private final Path pool;
  private final ConcurrentSkipListMap<String, Volume> volumes = new ConcurrentSkipListMap<>();
  private final Map<String, String> attachedTo = new ConcurrentHashMap<>();

  FolderDriver(String name, String nodeId, Path pool) {
    this.name = name;
    this.nodeId = nodeId;
    this.pool = pool;
  }

  Plugin plugin() {
    var info = new PluginInfo(name, "demo", new TreeMap<>(Map.of("volumes", "folders")));
    return Plugin.named(info, Readiness.State.Ready::new)
        .with(Trait.CLONE)
        .with(ControllerParts.of(this, this, this, this))
        .with(NodeParts.of(new NodeInfo(nodeId, 0, null), this));
  }

  @Override
  public Answer<Volume> create(VolumeSpec spec) {
    var known = volumes.get(spec.name());
    if (known != null) {
      return spec.capacity().contains(known.capacityBytes()) && known.source().equals(spec.source())
          ? Answer.done(known)
          : Answer.refused(Reason.ALREADY_EXISTS, "volume %s is another".formatted(known.id()));
    }
    return switch (spec.source()) {
      case ContentSource.Blank() -> made(spec);
      case ContentSource.FromVolume(var origin) ->
          volume(origin)
              .map(_ -> onDisk(() -> copy(pool.resolve(origin), pool.resolve(spec.name()))))
              .then(_ -> made(spec));
      case ContentSource.FromSnapshot(var snapshot) ->
          Answer.refused(Reason.NOT_FOUND, "snapshot %s does not exist".formatted(snapshot));
    };
  }

  private Answer<Volume> made(VolumeSpec spec) {
    var asked = spec.capacity();
    var bytes = asked.requiredBytes() > 0 ? asked.requiredBytes() : DEFAULT_BYTES;
    onDisk(() -> Files.createDirectories(pool.resolve(spec.name())));
    var volume = new Volume(spec.name(), bytes, new TreeMap<>(), spec.source(), List.of());
    volumes.put(volume.id(), volume);
    return Answer.done(volume);
  }

  @Override
  public Answer<Nothing> delete(String volumeId, Secrets secrets) {
    onDisk(() -> Trees.delete(pool.resolve(volumeId)));
    volumes.remove(volumeId);
    return Answer.done();
  }

  @Override
  public Answer<Support> supports(String volumeId, Usage usage) {
    return volume(volumeId).map(found -> new Support.Supported(found.volume().context()));
  }

  @Override
  public Answer<ListedVolume> volume(String volumeId) {
    var found = volumes.get(volumeId);
    return found == null
        ? Answer.refused(Reason.NOT_FOUND, "volume %s does not exist".formatted(volumeId))
        : Answer.done(listed(found));
  }

  @Override
  public List<ListedVolume> volumesAfter(String lastId, int countMax) {
    return volumes.tailMap(lastId, false).values().stream()
        .limit(countMax)
        .map(this::listed)
        .toList();
  }

  private ListedVolume listed(Volume volume) {
    var node = attachedTo.get(volume.id());
    return new ListedVolume(volume, node == null ? List.of() : List.of(node));
  }

  @Override
  public Answer<SortedMap<String, String>> attach(AttachmentSpec spec) {
    return volume(spec.volumeId())
        .map(
            _ -> {
              attachedTo.put(spec.volumeId(), spec.nodeId());
              return new TreeMap<>();
            });
  }

  @Override
  public Answer<Nothing> detach(String volumeId, Nodes nodes, Secrets secrets) {
    attachedTo.remove(volumeId);
    return Answer.done();
  }

  @Override
  public Answer<Expanded> expand(String volumeId, CapacityRange capacity, Secrets secrets) {
    return volume(volumeId)
        .map(
            found -> {
              var was = found.volume();
              var bytes = Math.max(was.capacityBytes(), capacity.requiredBytes());
              volumes.put(
                  volumeId,
                  new Volume(volumeId, bytes, was.context(), was.source(), was.accessibleFrom()));
              return new Expanded(bytes, OnNode.NOTHING_LEFT);
            });
  }

  @Override
  public Answer<Nothing> publish(PublishSpec spec) {
    return volume(spec.volumeId()).map(_ -> onDisk(() -> link(spec)));
  }

  private Path link(PublishSpec spec) throws IOException {
    Files.deleteIfExists(spec.targetPath());
    return Files.createSymbolicLink(spec.targetPath(), pool.resolve(spec.volumeId()));
  }

  @Override
  public Answer<Nothing> unpublish(String volumeId, Path targetPath) {
    return Answer.done(onDisk(() -> Files.deleteIfExists(targetPath)));
  }

  private static Path copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (var file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
    return to;
  }

  @FunctionalInterface
  private interface Work {
    Object run() throws IOException;
  }

  /** The framework turns what is thrown into INTERNAL. */
  private static Nothing onDisk(Work work) {
    try {
      var _ = work.run();
      return Nothing.NOTHING;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
