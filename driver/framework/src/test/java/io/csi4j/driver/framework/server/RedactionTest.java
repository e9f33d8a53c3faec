package io.csi4j.driver.framework.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.csi4j.driver.framework.syscall.SystemClocks;
import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Answer.Nothing;
import io.csi4j.driver.spi.ControllerParts;
import io.csi4j.driver.spi.NodeInfo;
import io.csi4j.driver.spi.NodeParts;
import io.csi4j.driver.spi.NodeVolumes;
import io.csi4j.driver.spi.Plugin;
import io.csi4j.driver.spi.PluginInfo;
import io.csi4j.driver.spi.PublishSpec;
import io.csi4j.driver.spi.Readiness;
import io.csi4j.driver.spi.Reason;
import io.csi4j.driver.spi.Secrets;
import io.csi4j.driver.spi.StageSpec;
import io.csi4j.driver.spi.Staging;
import io.csi4j.driver.spi.Volume;
import io.csi4j.driver.spi.VolumeSpec;
import io.csi4j.driver.spi.Volumes;
import io.csi4j.proto.csi.v1.ControllerGrpc;
import io.csi4j.proto.csi.v1.CreateVolumeRequest;
import io.csi4j.proto.csi.v1.DeleteVolumeRequest;
import io.csi4j.proto.csi.v1.NodeGrpc;
import io.csi4j.proto.csi.v1.NodePublishVolumeRequest;
import io.csi4j.proto.csi.v1.NodeStageVolumeRequest;
import io.csi4j.proto.csi.v1.VolumeCapability;
import io.csi4j.proto.csi.v1.VolumeCapability.AccessMode;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Number 18 of driver.md 13.4: no log line shows a secret, at no level, whatever the driver's
 * author logs of what he was given; nor does an error that a caller reads.
 */
@Timeout(60)
class RedactionTest {
  private static final String SECRET = "hunter2";
  private static final String FLAG = "password=opensesame";
  private static final String TOKEN = "eyJhbGciOi";

  @TempDir private Path folder;

  @Test
  void given_an_author_who_logs_all_he_gets_then_no_secret_is_seen() throws Exception {
    var socket = folder.resolve("csi.sock");
    var settings = ServerSettings.at(new Endpoint(socket), SystemClocks.nanos());
    try (var server = CsiServer.start(settings, new Talkative().plugin());
        var client = TestChannel.to(socket)) {
      assertThat(server).isNotNull();
      var controller = ControllerGrpc.newBlockingStub(client.channel());
      var node = NodeGrpc.newBlockingStub(client.channel());

      for (var name : List.of("fine", "refused", "bug")) {
        expect(name, () -> controller.createVolume(create(name)));
        expect(name, () -> controller.deleteVolume(delete(name)));
        expect(name, () -> node.nodeStageVolume(stage(name)));
        expect(name, () -> node.nodePublishVolume(publish(name)));
      }
    }

    assertThat(RecordingLogs.lines())
        .as("there is something to look at")
        .anyMatch(line -> line.startsWith("TRACE was given"))
        .anyMatch(line -> line.startsWith("ERROR call ended with an exception"))
        .noneMatch(RedactionTest::shows);
  }

  private static void expect(String name, Runnable call) {
    if (name.equals("fine")) {
      call.run();
    } else {
      assertThatThrownBy(call::run)
          .isInstanceOf(StatusRuntimeException.class)
          .matches(failure -> !shows(String.valueOf(failure.getMessage())), "shows no secret");
    }
  }

  private static boolean shows(String text) {
    return text.contains(SECRET) || text.contains(FLAG) || text.contains(TOKEN);
  }

  private static CreateVolumeRequest create(String name) {
    return CreateVolumeRequest.newBuilder()
        .setName(name)
        .addVolumeCapabilities(capability())
        .putSecrets("key", SECRET)
        .build();
  }

  private static DeleteVolumeRequest delete(String name) {
    return DeleteVolumeRequest.newBuilder().setVolumeId(name).putSecrets("key", SECRET).build();
  }

  private static NodeStageVolumeRequest stage(String name) {
    return NodeStageVolumeRequest.newBuilder()
        .setVolumeId(name)
        .setStagingTargetPath("/staging")
        .setVolumeCapability(capability())
        .putSecrets("key", SECRET)
        .putVolumeContext("csi.storage.k8s.io/serviceAccount.tokens", TOKEN)
        .build();
  }

  private static NodePublishVolumeRequest publish(String name) {
    return NodePublishVolumeRequest.newBuilder()
        .setVolumeId(name)
        .setTargetPath("/target")
        .setVolumeCapability(capability())
        .putSecrets("key", SECRET)
        .putVolumeContext("csi.storage.k8s.io/serviceAccount.tokens", TOKEN)
        .build();
  }

  private static VolumeCapability capability() {
    var capability = VolumeCapability.newBuilder();
    capability.getMountBuilder().setFsType("ext4").addMountFlags(FLAG);
    capability.getAccessModeBuilder().setMode(AccessMode.Mode.SINGLE_NODE_WRITER);
    return capability.build();
  }

  /** Logs, refuses and fails with everything that it was given. */
  private static final class Talkative implements Volumes, NodeVolumes, Staging {
    private static final Logger log = LoggerFactory.getLogger(Talkative.class);

    Plugin plugin() {
      return Plugin.named(
              new PluginInfo("talkative.csi4j.io", "1.0", new TreeMap<>()),
              Readiness.State.Ready::new)
          .with(ControllerParts.of(this))
          .with(NodeParts.of(new NodeInfo("node-a", 0, null), this, this));
    }

    @Override
    public Answer<Volume> create(VolumeSpec spec) {
      return talk(spec.name(), spec)
          .map(_ -> new Volume(spec.name(), 4096, new TreeMap<>(), spec.source(), List.of()));
    }

    @Override
    public Answer<Nothing> delete(String volumeId, Secrets secrets) {
      return talk(volumeId, secrets);
    }

    @Override
    public Answer<Support> supports(String volumeId, Usage usage) {
      return talk(volumeId, usage).map(_ -> new Support.Supported(new TreeMap<>()));
    }

    @Override
    public Answer<Nothing> stage(StageSpec spec) {
      return talk(spec.volumeId(), spec);
    }

    @Override
    public Answer<Nothing> unstage(String volumeId, Path stagingPath) {
      return talk(volumeId, stagingPath);
    }

    @Override
    public Answer<Nothing> publish(PublishSpec spec) {
      return talk(spec.volumeId(), spec);
    }

    @Override
    public Answer<Nothing> unpublish(String volumeId, Path targetPath) {
      return talk(volumeId, targetPath);
    }

    private static Answer<Nothing> talk(String name, Object given) {
      log.atTrace().addKeyValue("all", given).log("was given");
      return switch (name) {
        case "refused" -> Answer.refused(Reason.INVALID_ARGUMENT, "cannot do " + given);
        case "bug" -> throw new IllegalStateException("broke on " + given);
        default -> Answer.done();
      };
    }
  }
}
