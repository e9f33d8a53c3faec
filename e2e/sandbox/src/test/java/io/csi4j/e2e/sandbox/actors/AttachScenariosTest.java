package io.csi4j.e2e.sandbox.actors;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.e2e.sandbox.actors.attaching.AttachDetach.ForceDetach;
import io.csi4j.e2e.sandbox.actors.cluster.Kind;
import io.csi4j.e2e.sandbox.actors.csi.CsiFault;
import io.csi4j.e2e.sandbox.actors.loop.ActorTime;
import io.csi4j.e2e.sandbox.actors.view.VolumeNames;
import io.csi4j.proto.csi.v1.NodePublishVolumeRequest;
import io.csi4j.proto.csi.v1.NodeStageVolumeRequest;
import io.grpc.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The attach/detach controller. */
class AttachScenariosTest {

  /** The names of section 1. */
  @Test
  void given_the_test_vectors_then_the_names_are_kubernetes_own() {
    assertThat(VolumeNames.attachment("vol-0001", "java.csi.example.com", "node-a"))
        .isEqualTo("csi-5621b59e1d7fe397cf9321d9d5426843c91cd9bca499b125eb2f4bc2a7e7ffdd");
    assertThat(VolumeNames.attachment("a/b:c", "java.csi.example.com", "node-b.example.org"))
        .isEqualTo("csi-8e1392142f03e3e6053f1495e8b52ae2220a170989dab15fc71165465ef13d03");
    assertThat(VolumeNames.hash("vol-0001"))
        .isEqualTo("de9658b854e1ed0b46160ec1afa6ebfb831529d80970b3c4684d8a1661f40322");
    assertThat(VolumeNames.inlineHandle("8f2c1d7e-5b1a-4c55-9f0e-2f6d8c1b7a10", "scratch"))
        .isEqualTo("csi-5afbe441e8f00410432543d7f0765239432e2c45136781a2616e7fe0ad3f9564");
  }

  private static World running() throws Exception {
    var world = new World().node("n1");
    world.storageClass("fast", "Immediate");
    world.claim("c", "fast");
    world.pod("p", "c");
    world.runs("p");
    return world;
  }

  /** Cluster scenarios 13, 15 and 22. */
  @Test
  void given_no_driver_object_then_the_volume_is_attached_and_the_context_reaches_the_node()
      throws Exception {
    try (var world = running()) {
      var volume = world.volumeOf("c");

      var attachment = world.attachments().getFirst();

      assertThat(attachment.name())
          .isEqualTo(VolumeNames.attachment(volume.handle(), World.DRIVER, "n1"));
      assertThat(attachment.attacher()).isEqualTo(World.DRIVER);
      assertThat(attachment.volumeName()).isEqualTo(volume.name());
      var history = world.actors().history();
      assertThat(history.calls("NodeStageVolume").getFirst().call().request().toString())
          .contains("lun");
      var publish = history.calls("NodePublishVolume").getFirst().call().request();
      assertThat(NodePublishVolumeRequest.parseFrom(publish.toByteString()).getPublishContextMap())
          .containsEntry("lun", "7");
      assertThat(publish.toString()).doesNotContain("pod.name");
    }
  }

  /** Cluster scenario 14. */
  @Test
  void given_a_driver_that_needs_no_attaching_then_there_is_no_attachment_and_no_context()
      throws Exception {
    try (var world = new World().node("n1")) {
      world.driverObject("{\"attachRequired\":false}");
      world.storageClass("fast", "Immediate");
      world.claim("c", "fast");

      world.pod("p", "c");
      world.runs("p");

      assertThat(world.actors().history().calls("ControllerPublishVolume")).isEmpty();
      assertThat(world.attachments()).isEmpty();
      var stage = world.actors().history().calls("NodeStageVolume").getFirst().call().request();
      assertThat(NodeStageVolumeRequest.parseFrom(stage.toByteString()).getPublishContextMap())
          .isEmpty();
    }
  }

  /** Cluster scenario 16. */
  @Test
  void given_an_attach_that_fails_then_the_pod_is_told_and_the_object_is_kept_until_it_succeeds()
      throws Exception {
    try (var world = new World().node("n1")) {
      world
          .actors()
          .csiFaults()
          .next(2, "ControllerPublishVolume", new CsiFault.Fail(Status.Code.INTERNAL, "no path"));
      world.storageClass("fast", "Immediate");
      world.claim("c", "fast");

      world.pod("p", "c");
      world.runs("p");

      assertThat(world.told("p", "FailedAttachVolume")).isTrue();
      assertThat(world.told("p", "SuccessfulAttachVolume")).isTrue();
      assertThat(created(world)).isEqualTo(1);
    }
  }

  private static long created(World world) {
    return world
        .actors()
        .history()
        .writes()
        .filter(write -> write.line().call().resource().equals("volumeattachments"))
        .filter(write -> write.line().code() == 201)
        .count();
  }

  /** Cluster scenario 17. */
  @Test
  void given_a_volume_for_one_node_when_a_second_wants_it_then_it_waits_for_the_first()
      throws Exception {
    try (var world = running().node("n2")) {
      world.podWith("q", ",\"nodeSelector\":{\"kubernetes.io/hostname\":\"n2\"}", "c");
      world.eventually("told", () -> assertThat(world.told("q", "FailedAttachVolume")).isTrue());
      assertThat(world.attachments()).hasSize(1);

      world.deletePod("p");

      world.runs("q");
      assertThat(world.array().attached()).hasSize(1).first().asString().endsWith("@n2");
    }
  }

  /** Cluster scenario 18. */
  @Test
  void given_a_dead_node_when_six_minutes_are_over_then_its_volume_is_detached_by_force()
      throws Exception {
    try (var world = running()) {
      world.pardon("I4");
      loseNode(world);
      world.actors().time().advance(Duration.ofMinutes(5));
      assertThat(world.actors().history().calls("ControllerUnpublishVolume")).isEmpty();

      world.actors().time().advance(Duration.ofMinutes(1).plusSeconds(5));

      world.eventually("detached", () -> assertThat(world.attachments()).isEmpty());
      assertThat(world.actors().history().calls("NodeUnstageVolume")).isEmpty();
    }
  }

  private static void loseNode(World world) {
    world.actors().node("n1").fail();
    world.delete(Kind.POD, "p");
    // The controller has seen it when it has written down since when the volume is unwanted.
    world.eventually("seen", () -> assertThat(world.actors().view().pods()).isEmpty());
    passes(world);
  }

  /** Two rounds of an unrelated claim: whoever was to see the deletion has seen it. */
  private static void passes(World world) {
    for (var name : java.util.List.of("round-1", "round-2")) {
      world.claim(name, "fast");
      world.eventually(
          name, () -> assertThat(world.findClaim(name).orElseThrow().phase()).isEqualTo("Bound"));
    }
  }

  /** Cluster scenario 19. */
  @Test
  void given_forced_detach_switched_off_when_a_node_is_dead_for_long_then_nothing_is_detached()
      throws Exception {
    try (var world = new World(ForceDetach.NEVER).node("n1")) {
      world.storageClass("fast", "Immediate");
      world.claim("c", "fast");
      world.pod("p", "c");
      world.runs("p");
      loseNode(world);

      world.actors().time().advance(Duration.ofHours(3));
      passes2(world);

      assertThat(world.attachments()).hasSize(1);
      assertThat(world.actors().history().calls("ControllerUnpublishVolume")).isEmpty();
    }
  }

  private static void passes2(World world) {
    world.claim("late", "fast");
    world.eventually(
        "late", () -> assertThat(world.findClaim("late").orElseThrow().phase()).isEqualTo("Bound"));
  }

  /** Cluster scenario 20. */
  @Test
  void given_a_node_out_of_service_then_pods_and_attachments_go_at_once() throws Exception {
    try (var world = running()) {
      world.pardon("I4");
      world.actors().node("n1").fail();

      world.actors().node("n1").putOutOfService();

      world.gone(Kind.POD, "p");
      world.eventually("detached", () -> assertThat(world.attachments()).isEmpty());
      assertThat(world.actors().time().instant()).isBefore(ActorTime.NEVER);
    }
  }

  /** Cluster scenario 21. */
  @Test
  void given_a_slow_detach_when_the_volume_is_wanted_again_then_nobody_attaches_meanwhile()
      throws Exception {
    try (var world = running()) {
      world
          .actors()
          .csiFaults()
          .next(1, "ControllerUnpublishVolume", new CsiFault.DelayAfter(Duration.ofMillis(600)));
      world.deletePod("p");
      world.gone(Kind.POD, "p");
      world.eventually(
          "deleting", () -> assertThat(world.attachments()).anyMatch(each -> each.deleting()));

      world.pod("q", "c");
      world.runs("q");

      // Never two calls at a time, and the order of attach and detach: the invariants look.
      assertThat(world.actors().history().calls("ControllerPublishVolume")).hasSize(2);
      assertThat(created(world)).isEqualTo(2);
    }
  }

  /** The API server's faults are no reason to do anything twice. */
  @Test
  void given_conflicts_and_errors_of_the_server_and_events_told_twice_then_all_ends_well()
      throws Exception {
    try (var world = new World().node("n1")) {
      var faults = world.sandbox().faults();
      for (var nth = 1; nth <= 9; nth += 2) {
        faults.onWrite(
            nth,
            call -> call.user().startsWith("system:serviceaccount:"),
            nth % 3 == 0
                ? io.csi4j.e2e.sandbox.faults.Fault.Refuse.internal()
                : io.csi4j.e2e.sandbox.faults.Fault.Refuse.conflict());
      }
      world.sandbox().watchFaults().deliver(io.csi4j.e2e.sandbox.faults.WatchFaults.Delivery.TWICE);
      world.storageClass("fast", "Immediate");
      world.claim("c", "fast");
      world.pod("p", "c");
      world.sandbox().dropWatches();

      world.runs("p");

      assertThat(world.array().volumes()).hasSize(1);
      assertThat(world.actors().view().volumes()).hasSize(1);
    }
  }
}
