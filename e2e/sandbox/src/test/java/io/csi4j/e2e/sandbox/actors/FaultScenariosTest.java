package io.csi4j.e2e.sandbox.actors;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.e2e.sandbox.actors.cluster.Kind;
import io.csi4j.e2e.sandbox.actors.csi.CsiFault;
import io.csi4j.e2e.sandbox.actors.loop.Kills;
import io.csi4j.e2e.sandbox.actors.node.NodeOptions.SeLinux;
import io.csi4j.proto.csi.v1.NodePublishVolumeRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The fault knobs, and that the story ends well in spite of them. */
class FaultScenariosTest {

  private static void thereAndBack(World world) {
    world.storageClass("fast", "Immediate");
    world.claim("c", "fast");
    world.pod("p", "c");
    world.runs("p");
    world.deletePod("p");
    world.gone(Kind.POD, "p");
    world.delete(Kind.CLAIM, "c");
    world.eventually(
        "nothing is left",
        () -> {
          assertThat(world.array().volumes()).isEmpty();
          assertThat(world.actors().view().volumes()).isEmpty();
          assertThat(world.attachments()).isEmpty();
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CreateVolume",
        "ControllerPublishVolume",
        "NodeStageVolume",
        "NodePublishVolume",
        "NodeUnpublishVolume",
        "NodeUnstageVolume",
        "ControllerUnpublishVolume",
        "DeleteVolume"
      })
  void given_a_connection_that_breaks_after_the_work_then_the_call_is_repeated(String method)
      throws Exception {
    try (var world = new World().node("n1")) {
      world.actors().csiFaults().next(1, method, new CsiFault.CutAfter());

      thereAndBack(world);

      assertThat(world.actors().history().calls(method)).hasSizeGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void given_every_call_twice_and_late_answers_then_all_ends_well() throws Exception {
    try (var world = new World().node("n1")) {
      world.actors().csiFaults().plan(99, call -> call.is("NodeStageVolume"), new CsiFault.Twice());
      world
          .actors()
          .csiFaults()
          .plan(99, call -> call.is("NodePublishVolume"), new CsiFault.Twice());
      world
          .actors()
          .csiFaults()
          .next(1, "ControllerPublishVolume", new CsiFault.DelayBefore(Duration.ofMillis(50)));

      thereAndBack(world);

      assertThat(world.fake("n1").staged()).isEmpty();
    }
  }

  /** The one who calls hears nothing for as long as it is willing to wait. */
  @Test
  void given_a_driver_that_is_never_heard_then_its_work_is_done_and_the_next_call_finds_it()
      throws Exception {
    try (var world = new World().node("n1")) {
      world.actors().csiFaults().next(1, "NodeStageVolume", new CsiFault.Silence());
      world.storageClass("fast", "Immediate");
      world.claim("c", "fast");
      world.pod("p", "c");

      world.eventually(
          "the driver has done it",
          () -> assertThat(world.actors().history().calls("NodeStageVolume")).hasSize(1));
      assertThat(world.fake("n1").staged()).hasSize(1);
      assertThat(world.actors().history().calls("NodePublishVolume")).isEmpty();

      world.actors().node("n1").restartKubelet();
      world.runs("p");
      assertThat(world.fake("n1").staged()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"BEFORE", "AFTER"})
  void given_a_controller_that_dies_at_its_write_when_it_is_back_then_it_goes_on(Kills.When when)
      throws Exception {
    try (var world = new World().node("n1")) {
      world
          .actors()
          .kills()
          .plan(Actors.ATTACH_DETACH, when, call -> call.resource().equals("volumeattachments"));
      world.storageClass("fast", "Immediate");
      world.claim("c", "fast");
      world.pod("p", "c");
      world.eventually(
          "dead", () -> assertThat(world.actors().alive(Actors.ATTACH_DETACH)).isFalse());

      world.actors().revive(Actors.ATTACH_DETACH);

      world.runs("p");
      assertThat(world.actors().history().calls("ControllerPublishVolume")).hasSize(1);
    }
  }

  /** Cluster scenarios 41 and 42. */
  @ParameterizedTest
  @CsvSource({
    "READ_WRITE_ONCE_POD,ReadWriteOncePod,true",
    "READ_WRITE_ONCE_POD,ReadWriteMany,false",
    "ALL,ReadWriteMany,true"
  })
  void given_a_level_then_volumes_are_mounted_with_a_context_as_the_release_has_it(
      SeLinux.Modes modes, String accessMode, boolean expected) throws Exception {
    var seLinux = new SeLinux("system_u:object_r:container_file_t", modes);
    try (var world =
        new World().node("n1", options -> options.withSeLinux(seLinux), fake -> fake)) {
      world.driverObject("{\"seLinuxMount\":true}");
      world.storageClass("fast", "Immediate");
      world.claim("c", "fast", accessMode, "");

      world.podWith("p", ",\"securityContext\":{\"seLinuxOptions\":{\"level\":\"s0:c1\"}}", "c");
      world.runs("p");

      var call = world.actors().history().calls("NodePublishVolume").getFirst().call();
      var flags =
          NodePublishVolumeRequest.parseFrom(call.request().toByteString())
              .getVolumeCapability()
              .getMount()
              .getMountFlagsList();
      assertThat(flags.contains("context=\"system_u:object_r:container_file_t:s0:c1\""))
          .isEqualTo(expected);
    }
  }
}
