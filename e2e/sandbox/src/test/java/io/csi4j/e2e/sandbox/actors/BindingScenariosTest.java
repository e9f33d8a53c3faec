package io.csi4j.e2e.sandbox.actors;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.e2e.sandbox.actors.cluster.Kind;
import io.csi4j.e2e.sandbox.actors.view.Claim;
import io.csi4j.e2e.sandbox.store.Change;
import org.junit.jupiter.api.Test;

/** Claims, volumes and the PV controller. */
class BindingScenariosTest {

  /** Cluster scenario 1. */
  @Test
  void given_an_immediate_class_when_a_claim_is_created_then_it_is_bound_in_four_writes()
      throws Exception {
    try (var world = new World()) {
      world.storageClass("fast", "Immediate");

      var claim = world.claim("c", "fast");

      world.eventually(
          "bound", () -> assertThat(world.findClaim("c").orElseThrow().phase()).isEqualTo("Bound"));
      var volume = world.volumeOf("c");
      assertThat(volume.name()).isEqualTo("pvc-" + claim.uid());
      assertThat(volume.claimUid()).isEqualTo(claim.uid());
      assertThat(volume.phase()).isEqualTo("Bound");
      var bound = world.findClaim("c").orElseThrow();
      assertThat(bound.annotation(Claim.PROVISIONER)).isEqualTo(World.DRIVER);
      assertThat(bound.annotation(Claim.OLD_PROVISIONER)).isEqualTo(World.DRIVER);
      assertThat(bound.annotation(Claim.BIND_COMPLETED)).isEqualTo("yes");
      assertThat(writesOfBinder(world))
          .containsExactly(
              "patch persistentvolumeclaims",
              "patch persistentvolumes/status",
              "patch persistentvolumeclaims",
              "patch persistentvolumeclaims/status");
    }
  }

  private static java.util.List<String> writesOfBinder(World world) {
    return world
        .actors()
        .history()
        .writes()
        .filter(write -> write.line().call().user().endsWith(Actors.VOLUME_BINDER))
        .filter(write -> write.line().change().filter(BindingScenariosTest::noEvent).isPresent())
        .map(write -> write.line().call().verb() + " " + write.line().call().resource())
        .toList();
  }

  private static boolean noEvent(Change change) {
    return !change.shelf().equals("events");
  }

  /** The thinnest slice: from a claim to a pod that runs, and back. */
  @Test
  void given_a_node_when_a_pod_uses_a_claim_then_it_runs_and_everything_goes_again()
      throws Exception {
    try (var world = new World().node("n1")) {
      world.storageClass("fast", "Immediate");
      world.claim("c", "fast");

      world.pod("p", "c");
      world.runs("p");

      assertThat(world.fake("n1").published()).hasSize(1);
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
  }

  /** Cluster scenarios 2 and 3. */
  @Test
  void given_a_class_that_waits_when_a_pod_comes_then_only_then_a_volume_is_made_for_its_node()
      throws Exception {
    try (var world = new World().node("n1").node("n2")) {
      world.storageClass("late", "WaitForFirstConsumer");
      world.claim("c", "late");
      world.eventually("told", () -> assertThat(world.told("c", "WaitForFirstConsumer")).isTrue());
      assertThat(world.findClaim("c").orElseThrow().annotated(Claim.PROVISIONER)).isFalse();
      assertThat(world.actors().history().calls("CreateVolume")).isEmpty();

      world.pod("p", "c");
      world.runs("p");

      var node = world.findPod("p").orElseThrow().nodeName();
      assertThat(world.findClaim("c").orElseThrow().selectedNode()).isEqualTo(node);
      var request = world.actors().history().calls("CreateVolume").getFirst().call().request();

      assertThat(request.toString()).contains(FakeController.TOPOLOGY, node);
    }
  }

  /** Cluster scenario 4. */
  @Test
  void given_a_node_without_room_when_the_provisioner_gives_it_up_then_another_is_tried()
      throws Exception {
    try (var world = new World().node("n1").node("n2")) {
      world.array().fill("n1");
      world.storageClass("late", "WaitForFirstConsumer");
      world.claim("c", "late");

      world.pod("p", "c");
      world.runs("p");

      assertThat(world.findPod("p").orElseThrow().nodeName()).isEqualTo("n2");
    }
  }

  /** Cluster scenarios 5, 6 and 7. */
  @Test
  void given_a_driver_that_tells_its_capacity_then_only_a_fitting_object_admits_the_node()
      throws Exception {
    try (var world = new World().node("n1")) {
      world.driverObject("{\"storageCapacity\":true}");
      world.storageClass("late", "WaitForFirstConsumer");
      world.claim("c", "late");
      world.pod("p", "c");
      world.eventually("refused", () -> refusedForSpace(world, 1));

      capacity(
          world,
          "small-volumes",
          "\"nodeTopology\":{},\"capacity\":\"9Gi\",\"maximumVolumeSize\":\"1Mi\"");
      capacity(world, "nobodys", "\"capacity\":\"9Gi\"");
      capacity(
          world,
          "elsewhere",
          "\"nodeTopology\":{\"matchLabels\":{\"a\":\"b\"}},\"capacity\":\"9Gi\"");
      assertThat(world.findPod("p").orElseThrow().scheduled()).isFalse();

      capacity(world, "everywhere", "\"nodeTopology\":{},\"capacity\":\"9Gi\"");
      world.runs("p");
    }
  }

  private static void capacity(World world, String name, String fields) {
    world.create(Kind.CAPACITY, name, "{\"storageClassName\":\"late\",%s}".formatted(fields));
  }

  private static void refusedForSpace(World world, int nodes) {
    assertThat(world.findPod("p").orElseThrow().json().toString())
        .contains(nodes + " node(s) did not have enough free storage");
  }

  /** Cluster scenario 8. */
  @Test
  void given_a_binder_that_dies_between_two_writes_when_it_is_back_then_it_goes_on()
      throws Exception {
    for (var resource :
        java.util.List.of("persistentvolumes/status", "persistentvolumeclaims/status")) {
      try (var world = new World()) {
        world
            .actors()
            .kills()
            .plan(
                Actors.VOLUME_BINDER,
                io.csi4j.e2e.sandbox.actors.loop.Kills.When.BEFORE,
                call -> call.resource().equals(resource));
        world.storageClass("fast", "Immediate");
        world.claim("c", "fast");
        world.eventually(
            "dead", () -> assertThat(world.actors().alive(Actors.VOLUME_BINDER)).isFalse());
        assertThat(world.findClaim("c").orElseThrow().phase()).isEqualTo("Pending");

        world.actors().revive(Actors.VOLUME_BINDER);

        world.eventually(
            "bound",
            () -> assertThat(world.findClaim("c").orElseThrow().phase()).isEqualTo("Bound"));
        assertThat(world.actors().view().volumes()).hasSize(1);
      }
    }
  }

  /** Cluster scenario 9. */
  @Test
  void given_a_running_pod_when_its_claim_is_deleted_then_it_stays_until_the_pod_ends()
      throws Exception {
    try (var world = new World().node("n1")) {
      world.storageClass("fast", "Immediate");
      world.claim("c", "fast");
      world.pod("p", "c");
      world.runs("p");

      world.delete(Kind.CLAIM, "c");
      assertThat(world.findClaim("c").orElseThrow().finalizers()).contains(Claim.PROTECTION);
      world.deletePod("p");

      world.gone(Kind.CLAIM, "c");
      world.eventually("deleted", () -> assertThat(world.array().volumes()).isEmpty());
      world.eventually("gone", () -> assertThat(world.actors().view().volumes()).isEmpty());
    }
  }

  /** Cluster scenario 10. */
  @Test
  void given_a_volume_object_that_is_deleted_first_then_the_volume_goes_with_its_claim()
      throws Exception {
    try (var world = new World()) {
      world.storageClass("fast", "Immediate");
      world.claim("c", "fast");
      world.eventually(
          "bound", () -> assertThat(world.findClaim("c").orElseThrow().phase()).isEqualTo("Bound"));

      world.delete(Kind.VOLUME, world.volumeOf("c").name());
      assertThat(world.array().volumes()).hasSize(1);
      world.delete(Kind.CLAIM, "c");

      world.eventually("gone", () -> assertThat(world.actors().view().volumes()).isEmpty());
      assertThat(world.array().volumes()).isEmpty();
    }
  }

  /** Cluster scenarios 11 and 12. */
  @Test
  void given_the_policy_retain_then_the_volume_is_kept_and_can_be_claimed_again() throws Exception {
    try (var world = new World()) {
      world.storageClass("kept", "Immediate", "\"reclaimPolicy\":\"Retain\"");
      world.claim("c", "kept");
      world.eventually(
          "bound", () -> assertThat(world.findClaim("c").orElseThrow().phase()).isEqualTo("Bound"));
      var name = world.volumeOf("c").name();

      world.delete(Kind.CLAIM, "c");

      world.eventually(
          "released",
          () ->
              assertThat(world.actors().view().volume(name).orElseThrow().phase())
                  .isEqualTo("Released"));
      assertThat(world.actors().history().calls("DeleteVolume")).isEmpty();
      world
          .user()
          .patch(
              Kind.VOLUME,
              "",
              name,
              io.csi4j.e2e.sandbox.json.Json.parseObject(
                  "{\"metadata\":{\"annotations\":{\"volume.alpha.kubernetes.io/pre-resize-capacity\":\"700Mi\"}},\"spec\":{\"claimRef\":null}}"));
      world.eventually(
          "available",
          () ->
              assertThat(world.actors().view().volume(name).orElseThrow().phase())
                  .isEqualTo("Available"));
      world.claim("d", "kept");
      world.eventually(
          "bound", () -> assertThat(world.findClaim("d").orElseThrow().phase()).isEqualTo("Bound"));
      var again = world.findClaim("d").orElseThrow();
      assertThat(again.volumeName()).isEqualTo(name);
      assertThat(again.annotation(Claim.BOUND_BY_CONTROLLER)).isEqualTo("yes");
      assertThat(again.capacity()).isEqualByComparingTo(java.math.BigDecimal.valueOf(700L << 20));
    }
  }

  /** Cluster scenario 61. */
  @Test
  void given_an_attributes_class_in_use_when_it_is_deleted_then_it_stays_until_nobody_names_it()
      throws Exception {
    try (var world = new World()) {
      world.create(
          Kind.ATTRIBUTES_CLASS,
          "gold",
          "{\"driverName\":\"%s\",\"parameters\":{\"iops\":\"9\"}}".formatted(World.DRIVER));
      world.claim("c", "none", "ReadWriteOnce", ",\"volumeAttributesClassName\":\"gold\"");
      world.delete(Kind.ATTRIBUTES_CLASS, "gold");
      world.claim("settles", "none");
      assertThat(world.user().get(Kind.ATTRIBUTES_CLASS, "", "gold")).isPresent();

      world.delete(Kind.CLAIM, "c");

      world.gone(Kind.ATTRIBUTES_CLASS, "gold");
    }
  }
}
