package io.csi4j.e2e.sandbox.actors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.csi4j.e2e.sandbox.actors.cluster.Kind;
import io.csi4j.e2e.sandbox.actors.csi.CsiFault;
import io.csi4j.e2e.sandbox.json.Json;
import io.grpc.Status;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a driver gets known on a node, and what is written of it. */
class RegistrationScenariosTest {

  private static JsonNode entry(World world) {
    var csiNode = world.user().get(Kind.CSI_NODE, "", "n1").orElseThrow();
    return Json.at(csiNode, "spec", "drivers").path(0);
  }

  /** Cluster scenario 46. */
  @ParameterizedTest
  @CsvSource({"0,", "5,5", "-1,", "3000000000,2147483647"})
  void given_what_the_driver_says_it_takes_then_kubernetes_count_is_written(long says, String count)
      throws Exception {
    try (var world =
        new World()
            .node(
                "n1",
                options -> options,
                fake -> {
                  fake.takesAtMost(says);
                  return fake;
                })) {
      assertThat(Json.text(entry(world), "allocatable", "count"))
          .isEqualTo(count == null ? "" : count);
      assertThat(Json.text(entry(world), "nodeID")).isEqualTo("n1");
      assertThat(Json.texts(entry(world), "topologyKeys")).containsExactly(FakeController.TOPOLOGY);
      var node = world.user().get(Kind.NODE, "", "n1").orElseThrow();
      assertThat(Json.text(node, "metadata", "labels", FakeController.TOPOLOGY)).isEqualTo("n1");
      assertThat(Json.text(node, "metadata", "annotations", "csi.volume.kubernetes.io/nodeid"))
          .isEqualTo("{\"fake.csi4j.io\":\"n1\"}");
    }
  }

  /** Cluster scenario 47. */
  @Test
  void given_a_label_with_another_value_then_registration_fails_and_says_why() throws Exception {
    try (var world = new World()) {
      world.node(
          "n1",
          options -> options.withLabels(Map.of("zone", "here")),
          fake -> fake.at("zone", "there"),
          false);

      world.eventually(
          "refused",
          () ->
              assertThat(world.driver().verdicts())
                  .anyMatch(verdict -> verdict.contains("topology value collision")));
      assertThat(world.csiNodeDrivers("n1")).isEmpty();
    }
  }

  /** Cluster scenario 48. */
  @Test
  void given_a_registered_driver_when_its_socket_goes_then_its_entry_goes() throws Exception {
    try (var world = new World().node("n1")) {
      world.unregister("n1");

      world.eventually("gone", () -> assertThat(world.csiNodeDrivers("n1")).isEmpty());
      var node = world.user().get(Kind.NODE, "", "n1").orElseThrow();
      assertThat(Json.has(node, "metadata", "annotations", "csi.volume.kubernetes.io/nodeid"))
          .isFalse();
      assertThat(Json.text(node, "metadata", "labels", FakeController.TOPOLOGY)).isEqualTo("n1");
    }
  }

  /** Cluster scenario 49. */
  @Test
  void given_a_period_when_the_driver_changes_its_mind_then_the_count_follows() throws Exception {
    try (var world = new World().node("n1")) {
      world.driverObject("{\"nodeAllocatableUpdatePeriodSeconds\":10}");
      world.storageClass("fast", "Immediate");
      world.fake("n1").takesAtMost(3);
      world.claim("settles", "fast");

      world.eventually(
          "followed",
          () -> {
            world.actors().time().advance(Duration.ofSeconds(10));
            assertThat(Json.text(entry(world), "allocatable", "count")).isEqualTo("3");
          });
    }
  }

  /** Cluster scenario 50. */
  @Test
  void given_a_node_that_turns_out_full_then_the_pod_is_rejected_and_the_driver_asked()
      throws Exception {
    try (var world = new World().node("n1")) {
      world.driverObject("{\"nodeAllocatableUpdatePeriodSeconds\":600}");
      world.storageClass("fast", "Immediate");
      world.claim("c", "fast");
      world.fake("n1").takesAtMost(1);
      world
          .actors()
          .csiFaults()
          .next(
              99,
              "ControllerPublishVolume",
              new CsiFault.Fail(Status.Code.RESOURCE_EXHAUSTED, "node is full"));

      world.pod("p", "c");

      world.eventually(
          "rejected",
          () ->
              assertThat(Json.text(world.findPod("p").orElseThrow().json(), "status", "reason"))
                  .isEqualTo("VolumeAttachmentLimitExceeded"));
      world.eventually(
          "asked",
          () -> assertThat(Json.text(entry(world), "allocatable", "count")).isEqualTo("1"));
    }
  }

  /** Cluster scenario 63. */
  @Test
  void given_a_node_that_takes_one_volume_when_a_second_is_wanted_then_it_is_unschedulable()
      throws Exception {
    try (var world =
        new World()
            .node(
                "n1",
                options -> options,
                fake -> {
                  fake.takesAtMost(1);
                  return fake;
                })) {
      world.storageClass("fast", "Immediate");
      world.claim("c", "fast");
      world.pod("p", "c");
      world.runs("p");
      world.claim("d", "fast");

      world.pod("q", "d");

      world.eventually(
          "refused",
          () ->
              assertThat(world.findPod("q").orElseThrow().json().toString())
                  .contains("exceed max volume count"));
    }
  }
}
