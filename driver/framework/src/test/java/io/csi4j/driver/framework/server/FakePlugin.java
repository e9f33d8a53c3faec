package io.csi4j.driver.framework.server;

import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Answer.Nothing;
import io.csi4j.driver.spi.ContentSource;
import io.csi4j.driver.spi.ControllerParts;
import io.csi4j.driver.spi.NodeInfo;
import io.csi4j.driver.spi.NodeParts;
import io.csi4j.driver.spi.NodeVolumes;
import io.csi4j.driver.spi.Plugin;
import io.csi4j.driver.spi.PluginInfo;
import io.csi4j.driver.spi.PublishSpec;
import io.csi4j.driver.spi.Readiness;
import io.csi4j.driver.spi.Secrets;
import io.csi4j.driver.spi.Volume;
import io.csi4j.driver.spi.VolumeSpec;
import io.csi4j.driver.spi.Volumes;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/** A driver without storage, whose calls can be held up. */
final class FakePlugin implements Volumes, NodeVolumes {
  volatile Readiness.State state = new Readiness.State.Ready();

  /**
   * Calls for a volume named {@code slow} say here that they have begun, and wait for {@link
   * #goOn}.
   */
  final CountDownLatch begun = new CountDownLatch(1);

  final CountDownLatch goOn = new CountDownLatch(1);

  Plugin plugin() {
    return Plugin.named(new PluginInfo("fake.csi4j.io", "1.0", new TreeMap<>()), () -> state)
        .with(ControllerParts.of(this))
        .with(NodeParts.of(new NodeInfo("node-a", 0, null), this));
  }

  @Override
  public Answer<Volume> create(VolumeSpec spec) {
    if (spec.name().equals("slow")) {
      begun.countDown();
      await(goOn);
    }
    if (spec.name().equals("bug")) {
      throw new IllegalStateException("nobody thought of this");
    }
    return Answer.done(
        new Volume(
            "id of " + spec.name(),
            spec.capacity().requiredBytes(),
            new TreeMap<>(),
            new ContentSource.Blank(),
            List.of()));
  }

  @Override
  public Answer<Nothing> delete(String volumeId, Secrets secrets) {
    return Answer.done();
  }

  @Override
  public Answer<Support> supports(String volumeId, Usage usage) {
    return Answer.done(new Support.Supported(new TreeMap<>()));
  }

  @Override
  public Answer<Nothing> publish(PublishSpec spec) {
    return Answer.done();
  }

  @Override
  public Answer<Nothing> unpublish(String volumeId, Path targetPath) {
    return Answer.done();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
