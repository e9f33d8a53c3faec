package io.csi4j.driver.local;

import io.csi4j.driver.framework.journal.JournaledMap;
import io.csi4j.driver.framework.mount.DeviceNode;
import io.csi4j.driver.framework.mount.FileSystemGrower;
import io.csi4j.driver.framework.mount.FileSystemMaker;
import io.csi4j.driver.framework.syscall.Extents;
import io.csi4j.driver.framework.syscall.FileCopies;
import io.csi4j.driver.framework.syscall.FileEntries;
import io.csi4j.driver.framework.syscall.FileSpace;
import io.csi4j.driver.framework.syscall.FileSystemGrowth;
import io.csi4j.driver.framework.syscall.ForeignProgram;
import io.csi4j.driver.framework.syscall.Freezes;
import io.csi4j.driver.framework.syscall.LoopDevices;
import io.csi4j.driver.framework.syscall.Mounts;
import io.csi4j.driver.framework.syscall.NativeThreads;
import io.csi4j.driver.framework.syscall.Subvolumes;
import io.csi4j.driver.framework.syscall.SystemClocks;
import io.csi4j.driver.spi.ControllerParts;
import io.csi4j.driver.spi.NodeInfo;
import io.csi4j.driver.spi.NodeParts;
import io.csi4j.driver.spi.Plugin;
import io.csi4j.driver.spi.PluginInfo;
import io.csi4j.driver.spi.Readiness;
import io.csi4j.driver.spi.Staging;
import io.csi4j.driver.spi.Topology;
import io.csi4j.driver.spi.Trait;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds the driver's parts, and hands in those that are turned on. */
final class LocalParts {
  private static final Logger log = LoggerFactory.getLogger(LocalParts.class);

  private final LocalDriverOptions options;
  private final Ground ground;
  private final @Nullable Topology here;
  private final Stores stores;
  private final LoopImages images;
  private final ImageFiles files;
  private final Standstill standstill;
  private final PoolRoom room;
  private final LocalVolumes volumes;
  private final LocalSnapshots snapshots;
  private final LocalGroups groups;
  private final LocalExpansion expansion;

  /** What the parts stand on. */
  record Ground(
      NativeThreads threads,
      ForeignProgram programs,
      Freezes freezes,
      Pool pool,
      JournaledMap journal) {}

  LocalParts(LocalDriverOptions options, Ground ground, LoopDevices loops) {
    this.options = options;
    this.ground = ground;
    this.here = options.topology() ? topology(options) : null;
    this.stores = Stores.of(ground.journal());
    this.images =
        new LoopImages(stores.volumes(), ground.pool(), loops, new Subvolumes(ground.threads()));
    var space = new FileSpace(ground.threads());
    var copies = new FileCopies(ground.threads());
    var subvolumes = new Subvolumes(ground.threads());
    var pool = ground.pool();
    this.standstill = new Standstill(images, ground.freezes(), space);
    this.room = new PoolRoom(pool, space, stores.volumes(), options.thinOvercommit());
    var ids = new Ids(options.nodeId(), new SecureRandom());
    var cuts = new Cuts(pool, copies, standstill);
    var maker = new FileSystemMaker(ground.programs());
    this.files =
        new ImageFiles(
            pool,
            new ImageFiles.Tools(
                new FileEntries(ground.threads()), space, copies, subvolumes, maker));
    var works = new LocalVolumes.Works(files, room, ids);
    var origins = new Origins(stores, pool, cuts, ids);
    this.volumes = new LocalVolumes(stores, images, origins, works, limits());
    var cutting = new LocalSnapshots.Cutting(files, cuts, ids, SystemClocks.wall());
    this.snapshots = new LocalSnapshots(stores, cutting, here);
    this.groups = new LocalGroups(stores, snapshots, cutting);
    this.expansion =
        new LocalExpansion(stores.volumes(), images, works, options.volumeSizeBytesMax());
  }

  /** Finishes what an earlier life has left. To be called before anybody else may call. */
  void recover() throws IOException {
    new PoolScan(stores, ground.pool()).adoptLost();
    // Before anything else is read: who reads what is frozen may hang.
    standstill.end(stores.volumes().all());
    snapshots.recover();
    groups.recover();
    volumes.recover();
    log.atInfo()
        .addKeyValue("pool", ground.pool().folder())
        .addKeyValue("volumes", stores.volumes().all().size())
        .addKeyValue("snapshots", stores.snapshots().all().size())
        .addKeyValue("machine", findings())
        .log("opened");
  }

  Plugin plugin(Readiness readiness) {
    var plugin =
        Plugin.named(new PluginInfo(options.driverName(), options.version(), findings()), readiness)
            .with(Trait.SINGLE_NODE_MULTI_WRITER)
            .with(Trait.CLONE)
            .with(controller())
            .with(node());
    for (var trait : Trait.values()) {
      if (turnedOn(trait)) {
        plugin = plugin.with(trait);
      }
    }
    return plugin;
  }

  private SortedMap<String, String> findings() {
    return Findings.of(ground.pool(), Findings.Machine.ofThisProcess());
  }

  private boolean turnedOn(Trait trait) {
    return switch (trait) {
      case SINGLE_NODE_MULTI_WRITER, CLONE -> true;
      case TOPOLOGY -> options.topology();
      case ATTACH_READ_ONLY -> options.attach();
      case GET_VOLUME -> options.has(Feature.GET_VOLUME);
      case GET_SNAPSHOT -> options.has(Feature.GET_SNAPSHOT);
      case NO_SNAPSHOT_LISTING -> !options.has(Feature.LIST_SNAPSHOTS);
      case SNAPSHOT_TOPOLOGY -> options.topology() && options.has(Feature.SNAPSHOT_TOPOLOGY);
    };
  }

  private ControllerParts controller() {
    var parts =
        ControllerParts.of(
            volumes,
            new LocalListing(stores, volumes),
            snapshots,
            groups,
            new LocalCapacity(room, limits()));
    if (options.attach()) {
      parts = parts.with(new LocalAttachments(stores.volumes(), stores.attachments(), options));
    }
    if (options.has(Feature.CONTROLLER_EXPANSION)) {
      parts = parts.with(expansion);
    }
    if (options.has(Feature.MODIFY_VOLUME)) {
      parts = parts.with(new LocalModification(stores.volumes(), images, files));
    }
    if (options.has(Feature.VOLUME_HEALTH)) {
      parts = parts.with(health());
    }
    if (options.has(Feature.SNAPSHOT_METADATA)) {
      var blockBytes =
          switch (options.blockMetadata()) {
            case FIXED_LENGTH -> SizeChoice.UNIT_BYTES;
            case VARIABLE_LENGTH -> 0L;
          };
      parts =
          parts.with(
              new BlockMaps(
                  stores.snapshots(), ground.pool(), new Extents(ground.threads()), blockBytes));
    }
    return parts;
  }

  private NodeParts node() {
    var grower = new FileSystemGrower(new FileSystemGrowth(ground.threads()), ground.programs());
    var machine =
        new DeviceNode.Machine(
            new Mounts(ground.threads()),
            new FileEntries(ground.threads()),
            new FileSpace(ground.threads()),
            grower);
    var node = new DeviceNode(images, machine, ground.journal());
    var parts = node.parts(nodeInfo());
    var staging = parts.find(Staging.class);
    if (options.has(Feature.INLINE_VOLUMES) && staging.isPresent()) {
      var ways = new LocalInline.Ways(parts.volumes(), staging.get());
      parts = parts.with(new LocalInline(volumes, ways, ground.pool(), limits()));
    }
    if (options.has(Feature.NODE_EXPANSION)) {
      parts = parts.with(node.expansion(expansion::growOnNode));
    }
    if (options.has(Feature.VOLUME_HEALTH)) {
      parts = parts.with(node.health(health()::storageProblems));
    }
    return parts;
  }

  private LocalHealth health() {
    return new LocalHealth(stores.volumes(), ground.pool(), room);
  }

  private LocalVolumes.Limits limits() {
    return new LocalVolumes.Limits(here, options.volumeSizeBytesMax(), ground.pool().best());
  }

  private NodeInfo nodeInfo() {
    var volumesMax =
        options.attach() && options.attachLimit() > 0
            ? options.attachLimit()
            : options.volumesPerNodeMax();
    return new NodeInfo(options.nodeId(), volumesMax, here);
  }

  private static Topology topology(LocalDriverOptions options) {
    var key = "topology.%s/node".formatted(Places.domain(options.driverName()));
    return new Topology(new TreeMap<>(Map.of(key, options.nodeId())));
  }
}
