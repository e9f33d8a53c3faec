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
}
