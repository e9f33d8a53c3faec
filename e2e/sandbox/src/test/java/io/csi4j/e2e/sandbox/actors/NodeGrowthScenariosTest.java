package io.csi4j.e2e.sandbox.actors;

import static io.csi4j.e2e.sandbox.actors.OneNode.running;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.e2e.sandbox.actors.cluster.Kind;
import io.csi4j.e2e.sandbox.actors.csi.CsiFault;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.proto.csi.v1.NodeServiceCapability.RPC;
import io.grpc.Status;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Volumes that are measured and that grow while pods use them. */
class NodeGrowthScenariosTest {
  private static final String PENDING =
      "{\"allocatedResourceStatuses\":{\"storage\":\"NodeResizePending\"},\"conditions\":[{\"type\":\"FileSystemResizePending\",\"status\":\"True\"}]}";

  /** Cluster scenario 51. */
  @Test
  void given_a_driver_that_tells_statistics_then_they_are_read_every_minute() throws Exception {
    try (var world = running(fake -> fake.can(RPC.Type.GET_VOLUME_STATS))) {
      world.actors().time().advance(Duration.ofSeconds(61));

      world.eventually("read", () -> assertThat(world.actors().node("n1").stats()).hasSize(1));
      var stats = world.actors().node("n1").stats().getFirst();
      assertThat(stats.claim()).isEqualTo("c");
      assertThat(stats.capacityBytes()).isEqualTo(1000);
      assertThat(stats.inodesUsed()).isEqualTo(4);
      world.fake("n1").hideUsage();
      world.actors().time().advance(Duration.ofSeconds(61));
      world.eventually(
          "read again",
          () -> assertThat(world.actors().history().calls("NodeGetVolumeStats")).hasSize(2));
      assertThat(world.findPod("p").orElseThrow().phase()).isEqualTo("Running");
    }
  }

  private static void grow(World world, String claimStatus) {
    var volume = world.volumeOf("c");
    world
        .user()
        .patch(
            Kind.VOLUME,
            "",
            volume.name(),
            Json.parseObject("{\"spec\":{\"capacity\":{\"storage\":\"2Gi\"}}}"));
    world
        .user()
        .patchStatus(
            Kind.CLAIM, "default", "c", Json.parseObject("{\"status\":%s}".formatted(claimStatus)));
  }

  /** Cluster scenario 52. */
  @Test
  void given_a_volume_that_grew_when_the_claim_waits_for_the_node_then_it_is_expanded()
      throws Exception {
    try (var world = running(fake -> fake.can(RPC.Type.EXPAND_VOLUME))) {
      grow(world, PENDING);

      world.eventually(
          "grown",
          () ->
              assertThat(world.findClaim("c").orElseThrow().capacity())
                  .isEqualByComparingTo(BigDecimal.valueOf(2L << 30)));
      var claim = world.findClaim("c").orElseThrow();
      assertThat(claim.resizeStatus()).isEmpty();
      assertThat(Json.at(claim.json(), "status", "conditions")).isEmpty();
      var call = world.actors().history().calls("NodeExpandVolume").getFirst().call();
      assertThat(call.target()).contains(Path.of(world.fake("n1").published().iterator().next()));
      assertThat(call.staging()).isPresent();
      world.eventually(
          "told", () -> assertThat(world.told("c", "FileSystemResizeSuccessful")).isTrue());
    }
  }

  /** Cluster scenarios 55 and 56. */
  @Test
  void given_an_expansion_that_cannot_be_then_the_claim_says_so_and_the_pod_runs_on()
      throws Exception {
    try (var world = running(fake -> fake.can(RPC.Type.EXPAND_VOLUME))) {
      world
          .actors()
          .csiFaults()
          .next(1, "NodeExpandVolume", new CsiFault.Fail(Status.Code.OUT_OF_RANGE, "too large"));

      grow(world, PENDING);

      world.eventually(
          "infeasible",
          () ->
              assertThat(world.findClaim("c").orElseThrow().resizeStatus())
                  .isEqualTo("NodeResizeInfeasible"));
      assertThat(world.findClaim("c").orElseThrow().json().toString()).contains("NodeResizeError");
      assertThat(world.findPod("p").orElseThrow().phase()).isEqualTo("Running");
    }
  }
}
