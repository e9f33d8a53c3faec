package io.csi4j.driver.examples;

import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Answer.Nothing;
import io.csi4j.driver.spi.ContentSource;
import io.csi4j.driver.spi.ControllerParts;
import io.csi4j.driver.spi.Driver;
import io.csi4j.driver.spi.NodeInfo;
import io.csi4j.driver.spi.NodeParts;
import io.csi4j.driver.spi.NodeVolumes;
import io.csi4j.driver.spi.Plugin;
import io.csi4j.driver.spi.PluginInfo;
import io.csi4j.driver.spi.PublishSpec;
import io.csi4j.driver.spi.Readiness;
import io.csi4j.driver.spi.Reason;
import io.csi4j.driver.spi.Secrets;
import io.csi4j.driver.spi.Volume;
import io.csi4j.driver.spi.VolumeListing;
import io.csi4j.driver.spi.VolumeSpec;
import io.csi4j.driver.spi.Volumes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** Keeps its volumes in a map, and shows them as empty folders: a driver in one file. */
public final class MapDriver implements Driver, Volumes, VolumeListing, NodeVolumes {
  private static final long DEFAULT_BYTES = 1L << 30;

  private final ConcurrentSkipListMap<String, Volume> volumes = new ConcurrentSkipListMap<>();

  @Override
  public Plugin plugin() {
    var info = new PluginInfo("map.example.io", "1.0", new TreeMap<>());
    return Plugin.named(info, Readiness.State.Ready::new)
        .with(ControllerParts.of(this, this))
        .with(NodeParts.of(new NodeInfo("node-a", 0, null), this));
  }

  /** The name makes the ID, so a repeated call finds what the first one made. */
  @Override
  public Answer<Volume> create(VolumeSpec spec) {
    var wanted = Math.max(spec.capacity().requiredBytes(), DEFAULT_BYTES);
    var bytes = spec.capacity().contains(wanted) ? wanted : spec.capacity().limitBytes();
    var source = new ContentSource.Blank();
    var made = new Volume(spec.name(), bytes, new TreeMap<>(), source, List.of());
    var existing = volumes.putIfAbsent(made.id(), made);
    if (existing != null && !spec.capacity().contains(existing.capacityBytes())) {
      return Answer.refused(
          Reason.ALREADY_EXISTS,
          "volume %s has %d bytes".formatted(existing.id(), existing.capacityBytes()));
    }
    return Answer.done(existing == null ? made : existing);
  }

  @Override
  public Answer<Nothing> delete(String volumeId, Secrets secrets) {
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
        : Answer.done(new ListedVolume(found, List.of()));
  }

  @Override
  public List<ListedVolume> volumesAfter(String lastId, int countMax) {
    return volumes.tailMap(lastId, false).values().stream()
        .limit(countMax)
        .map(volume -> new ListedVolume(volume, List.of()))
        .toList();
  }

  @Override
  public Answer<Nothing> publish(PublishSpec spec) {
    return volume(spec.volumeId())
        .map(_ -> onDisk(() -> Files.createDirectories(spec.targetPath())));
  }

  @Override
  public Answer<Nothing> unpublish(String volumeId, Path targetPath) {
    return Answer.done(onDisk(() -> Files.deleteIfExists(targetPath)));
  }

  private interface Work {
    Object run() throws IOException;
  }

  /** What goes wrong here nobody planned for, and the framework says so to the caller. */
  private static Nothing onDisk(Work work) {
    try {
      var _ = work.run();
      return Nothing.NOTHING;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
