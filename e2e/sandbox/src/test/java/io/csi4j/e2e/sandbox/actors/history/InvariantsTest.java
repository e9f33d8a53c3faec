package io.csi4j.e2e.sandbox.actors.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Message;
import io.csi4j.e2e.sandbox.Sandbox;
import io.csi4j.e2e.sandbox.actors.cluster.Client;
import io.csi4j.e2e.sandbox.actors.cluster.Kind;
import io.csi4j.e2e.sandbox.actors.cluster.Mirror;
import io.csi4j.e2e.sandbox.actors.loop.Kills;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.proto.csi.v1.NodeGetInfoResponse;
import io.csi4j.proto.csi.v1.NodeStageVolumeRequest;
import io.grpc.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each invariant of section 15.3 that the checker knows is seen to be broken. */
class InvariantsTest {
  private static final Message NOTHING = NodeStageVolumeRequest.getDefaultInstance();

  @TempDir Path folder = Path.of("");
  private final History history = new History(Clock.systemUTC());

  private CsiCall call(String method, String node, String staging, String target) {
    return new CsiCall(
        "n1",
        method,
        "vol",
        node,
        Optional.of(staging).filter(each -> !each.isEmpty()).map(folder::resolve),
        Optional.of(target).filter(each -> !each.isEmpty()).map(folder::resolve),
        NOTHING);
  }

  private void ok(CsiCall call) {
    history.ended(history.started(call), Status.Code.OK, Status.Code.OK, Optional.empty());
  }

  private void nodeIs(String id) {
    var begin = history.started(call("NodeGetInfo", "", "", ""));
    history.ended(
        begin,
        Status.Code.OK,
        Status.Code.OK,
        Optional.of(NodeGetInfoResponse.newBuilder().setNodeId(id).build()));
  }

  private List<String> broken() {
    return Invariants.check(history).stream().map(Violation::invariant).distinct().toList();
  }

  /** A cluster with one volume, so that the checker knows what it is about. */
  private Client cluster(Sandbox sandbox, String policy) {
    history.follow(sandbox.trace());
    var client = new Client("t", "t", sandbox::serve, sandbox.token(), new Mirror(), new Kills());
    var volume = Kind.VOLUME.named("", "pv");
    Json.child(volume, "metadata")
        .putObject("annotations")
        .put("pv.kubernetes.io/provisioned-by", "d");
    volume.set(
        "spec",
        Json.parseObject(
            "{\"capacity\":{\"storage\":\"1Gi\"},\"accessModes\":[\"ReadWriteOnce\"],\"persistentVolumeReclaimPolicy\":\"%s\",\"csi\":{\"driver\":\"d\",\"volumeHandle\":\"vol\"}}"
                .formatted(policy)));
    client.create(Kind.VOLUME, volume);
    return client;
  }

  @Test
  void given_a_stage_before_the_attach_then_i1() {
    try (var sandbox = Sandbox.start()) {
      cluster(sandbox, "Delete");
      nodeIs("n1");

      ok(call("NodeStageVolume", "", "s", ""));

      assertThat(broken()).containsExactly("I1");
    }
  }

  @Test
  void given_a_publish_from_a_path_that_failed_to_stage_then_i2() {
    var stage = call("NodeStageVolume", "", "s", "");
    history.ended(
        history.started(stage), Status.Code.INTERNAL, Status.Code.INTERNAL, Optional.empty());

    ok(call("NodePublishVolume", "", "s", "t"));

    assertThat(broken()).containsExactly("I2");
  }

  @Test
  void given_an_unstage_while_published_then_i3() {
    ok(call("NodeStageVolume", "", "s", ""));
    ok(call("NodePublishVolume", "", "s", "t"));

    ok(call("NodeUnstageVolume", "", "s", ""));

    assertThat(broken()).containsExactly("I3");
  }

  @Test
  void given_a_detach_while_staged_then_i4_and_a_deletion_while_attached_then_i5() {
    nodeIs("n1");
    ok(call("ControllerPublishVolume", "n1", "", ""));
    ok(call("NodeStageVolume", "", "s", ""));

    ok(call("DeleteVolume", "", "", ""));
    ok(call("ControllerUnpublishVolume", "n1", "", ""));

    assertThat(broken()).containsExactly("I5", "I4");
  }

  @Test
  void given_a_second_staging_path_then_i6() {
    ok(call("NodeStageVolume", "", "s", ""));

    ok(call("NodeStageVolume", "", "other", ""));

    assertThat(broken()).containsExactly("I6");
  }

  @Test
  void given_a_target_that_is_there_before_or_stays_after_then_i7_and_i8() throws Exception {
    Files.createDirectory(folder.resolve("t"));
    ok(call("NodePublishVolume", "", "", "t"));

    ok(call("NodeUnpublishVolume", "", "", "t"));

    assertThat(broken()).containsExactly("I7", "I8");
  }

  @Test
  void given_an_attachment_of_another_name_then_i9() {
    try (var sandbox = Sandbox.start()) {
      var client = cluster(sandbox, "Delete");
      var attachment = Kind.ATTACHMENT.named("", "mine");
      attachment.set(
          "spec",
          Json.parseObject(
              "{\"attacher\":\"d\",\"nodeName\":\"n1\",\"source\":{\"persistentVolumeName\":\"pv\"}}"));

      client.create(Kind.ATTACHMENT, attachment);

      assertThat(broken()).containsExactly("I9");
    }
  }

  @Test
  void given_a_volume_of_one_node_on_two_then_i10() {
    try (var sandbox = Sandbox.start()) {
      cluster(sandbox, "Delete");
      ok(call("ControllerPublishVolume", "n1", "", ""));

      ok(call("ControllerPublishVolume", "n2", "", ""));

      assertThat(broken()).containsExactly("I10");
    }
  }

  @Test
  void given_an_object_that_goes_before_its_volume_then_i13() {
    try (var sandbox = Sandbox.start()) {
      var client = cluster(sandbox, "Delete");
      var volume = client.get(Kind.VOLUME, "", "pv").orElseThrow();

      client.delete(Kind.VOLUME, "", "pv", Json.text(volume, "metadata", "uid"));
      // The sandbox takes its own protection off, and the object goes.
      await().until(() -> client.get(Kind.VOLUME, "", "pv").isEmpty());

      assertThat(broken()).contains("I13");
    }
  }

  @Test
  void given_a_finalizer_that_another_takes_away_then_i14() {
    try (var sandbox = Sandbox.start()) {
      var client = cluster(sandbox, "Delete");
      client.patch(
          Kind.VOLUME, "", "pv", Json.parseObject("{\"metadata\":{\"finalizers\":[\"a/b\"]}}"));
      var other = new Client("o", "o", sandbox::serve, sandbox.token(), new Mirror(), new Kills());

      other.patch(Kind.VOLUME, "", "pv", Json.parseObject("{\"metadata\":{\"finalizers\":[]}}"));

      assertThat(broken()).contains("I14");
    }
  }

  @Test
  void given_two_controller_calls_at_a_time_then_i15() {
    var first = history.started(call("ControllerPublishVolume", "n1", "", ""));

    ok(call("ControllerExpandVolume", "", "", ""));
    history.ended(first, Status.Code.OK, Status.Code.OK, Optional.empty());

    assertThat(broken()).containsExactly("I15");
  }
}
