package io.csi4j.driver.local;

import io.csi4j.driver.framework.journal.JournaledMap;
import io.csi4j.driver.framework.mount.DeviceNode;
import io.csi4j.driver.framework.mount.FileSystemMaker;
import io.csi4j.driver.framework.server.CsiServer;
import io.csi4j.driver.framework.server.Endpoint;
import io.csi4j.driver.framework.spi.ControllerParts;
import io.csi4j.driver.framework.spi.NodeInfo;
import io.csi4j.driver.framework.spi.Plugin;
import io.csi4j.driver.framework.spi.PluginInfo;
import io.csi4j.driver.framework.spi.Readiness;
import io.csi4j.driver.framework.spi.Topology;
import io.csi4j.driver.framework.spi.Trait;
import io.csi4j.driver.framework.syscall.FileSpace;
import io.csi4j.driver.framework.syscall.ForeignProgram;
import io.csi4j.driver.framework.syscall.LoopDevices;
import io.csi4j.driver.framework.syscall.Mounts;
import io.csi4j.driver.framework.syscall.NativeResult;
import io.csi4j.driver.framework.syscall.NativeThreads;
import io.csi4j.driver.framework.syscall.SystemClocks;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The local driver, controller and node in one, serving until it is closed. */
public final class LocalDriver implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LocalDriver.class);

  /** Native calls at once: mounts wait for the disk, not for a processor. */
  private static final int NATIVE_CALLS_MAX = 8;

  private static final int PROGRAMS_MAX = 4;

  private final CsiServer server;
  private final Foundations foundations;

  /** What everything else stands on, and who closes it. */
  private record Foundations(
      NativeThreads calls, NativeThreads programs, Pool pool, JournaledMap journal) {

    static Foundations open(LocalDriverOptions options) throws IOException {
      var calls = new NativeThreads("native", NATIVE_CALLS_MAX);
      var programs = new NativeThreads("program", PROGRAMS_MAX);
      var maker = new FileSystemMaker(new ForeignProgram(programs));
      var pool = Pool.open(options.stateDir(), new FileSpace(calls), maker);
      var journal = JournaledMap.open(pool.journal(), calls);
      if (journal.damagedLines() > 0) {
        log.atWarn()
            .addKeyValue("lines", journal.damagedLines())
            .addKeyValue("journal", pool.journal())
            .log("skipped damaged lines of the journal");
      }
      return new Foundations(calls, programs, pool, journal);
    }

    void close() {
      try {
        journal.close();
        pool.close();
      } catch (IOException failure) {
        log.atWarn().addKeyValue("reason", failure).log("could not close the pool");
      }
      calls.close();
      programs.close();
    }
  }

  private LocalDriver(CsiServer server, Foundations foundations) {
    this.server = server;
    this.foundations = foundations;
  }

  /** Finishes what an earlier life has left, then serves; it listens when this returns. */
  public static LocalDriver start(LocalDriverOptions options) throws IOException {
    var problems = options.problems();
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException("options are not usable: " + problems);
    }
    var foundations = Foundations.open(options);
    try {
      var plugin = plugin(options, foundations);
      var server =
          CsiServer.start(Endpoint.parse(options.endpoint()), plugin, SystemClocks.nanos());
      return new LocalDriver(server, foundations);
    } catch (IOException | RuntimeException failure) {
      foundations.close();
      throw failure;
    }
  }

  public void awaitTermination() throws InterruptedException {
    server.awaitTermination();
  }

  @Override
  public void close() {
    server.close();
    foundations.close();
  }

  private static Plugin plugin(LocalDriverOptions options, Foundations foundations) {
    var loops = new LoopDevices(foundations.calls());
    var stores = Stores.of(foundations.journal());
    var images = new LoopImages(stores.volumes(), foundations.pool(), loops);
    var here = options.topology() ? topology(options) : null;
    var volumes =
        new LocalVolumes(
            stores,
            images,
            foundations.pool(),
            new VolumeIds(options.nodeId(), new SecureRandom()),
            new LocalVolumes.Limits(here, options.volumeSizeBytesMax()));
    volumes.recover();
    var controller = ControllerParts.of(volumes);
    var node =
        new DeviceNode(images, new Mounts(foundations.calls()), foundations.journal())
            .parts(nodeInfo(options, here));
    var info = new PluginInfo(options.driverName(), options.version(), new TreeMap<>(Map.of()));
    var plugin =
        Plugin.named(info, readiness(foundations.journal(), loops))
            .with(Trait.SINGLE_NODE_MULTI_WRITER)
            .with(node);
    if (here != null) {
      plugin = plugin.with(Trait.TOPOLOGY);
    }
    if (!options.attach()) {
      return plugin.with(controller);
    }
    return plugin
        .with(Trait.ATTACH_READ_ONLY)
        .with(
            controller.with(new LocalAttachments(stores.volumes(), stores.attachments(), options)));
  }

  private static Readiness readiness(JournaledMap journal, LoopDevices loops) {
    return () -> {
      var problem = journal.problem();
      if (problem != null) {
        return new Readiness.State.Broken(problem);
      }
      return switch (loops.probe()) {
        case NativeResult.Value<Path> _ -> new Readiness.State.Ready();
        case NativeResult.Failed<Path> failed ->
            new Readiness.State.Broken("no loop devices: could not " + failed.message());
      };
    };
  }

  private static NodeInfo nodeInfo(LocalDriverOptions options, @Nullable Topology here) {
    var volumesMax =
        options.attach() && options.attachLimit() > 0
            ? options.attachLimit()
            : options.volumesPerNodeMax();
    return new NodeInfo(options.nodeId(), volumesMax, here);
  }

  private static Topology topology(LocalDriverOptions options) {
    var key = "topology.%s/node".formatted(options.driverName());
    return new Topology(new TreeMap<>(Map.of(key, options.nodeId())));
  }
}
