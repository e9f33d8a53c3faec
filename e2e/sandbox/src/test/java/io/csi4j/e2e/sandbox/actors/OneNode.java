package io.csi4j.e2e.sandbox.actors;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.csi4j.proto.csi.v1.NodePublishVolumeRequest;
import io.csi4j.proto.csi.v1.NodeStageVolumeRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/** Worlds with one node, and what kubelet has said and left there. */
final class OneNode {
  private OneNode() {}

  /** With a class, and nothing of it yet. */
  static World world(UnaryOperator<FakeNode> traits) throws Exception {
    var world = new World().node("n1", options -> options, traits);
    world.storageClass("fast", "Immediate");
    return world;
  }

  /** With a claim, and a pod that has it. */
  static World running(UnaryOperator<FakeNode> traits) throws Exception {
    var world = world(traits);
    world.claim("c", "fast");
    world.pod("p", "c");
    world.runs("p");
    return world;
  }

  static Path root(World world) {
    return world.actors().node("n1").root();
  }

  static NodePublishVolumeRequest published(World world, int index)
      throws InvalidProtocolBufferException {
    var call = world.actors().history().calls("NodePublishVolume").get(index).call();
    return NodePublishVolumeRequest.parseFrom(call.request().toByteString());
  }

  static NodeStageVolumeRequest staged(World world) throws InvalidProtocolBufferException {
    var call = world.actors().history().calls("NodeStageVolume").getFirst().call();
    return NodeStageVolumeRequest.parseFrom(call.request().toByteString());
  }

  static void nothingIsLeft(World world) {
    world.eventually(
        "nothing is left",
        () -> {
          assertThat(files(root(world).resolve("pods"))).isEmpty();
          assertThat(files(root(world).resolve("plugins")))
              .noneMatch(file -> file.toString().endsWith("vol_data.json"));
          assertThat(world.fake("n1").staged()).isEmpty();
          assertThat(world.fake("n1").published()).isEmpty();
          assertThat(world.attachments()).isEmpty();
        });
  }

  private static List<Path> files(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (var found = Files.walk(folder)) {
      return found.filter(file -> !file.equals(folder)).toList();
    }
  }
}
