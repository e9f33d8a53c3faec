package io.csi4j.sidecars.provisioner;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Int64Value;
import io.csi4j.e2e.simulator.Effects;
import io.csi4j.e2e.simulator.SimulatedCluster;
import io.csi4j.proto.csi.v1.GetCapacityResponse;
import io.csi4j.sidecars.kit.cluster.CsiNode;
import io.csi4j.sidecars.kit.cluster.Node;
import io.csi4j.sidecars.kit.cluster.StorageClass;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Outcome;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scenarios K of provisioner 26: what the scheduler is told of room. */
class CapacityScenariosTest {
  private static final Kind<Node> POD =
      new Kind<>("", "v1", "pods", "Pod", Kind.Scope.NAMESPACED, Node.KIND.reader());
  private final CapacityStage at = new CapacityStage();

  /** K1. */
  @ParameterizedTest
  @CsvSource({"0, 1, 0", "1, 0, 0", "1, 1, 1", "2, 2, 4"})
  void given_places_and_classes_then_each_pair_has_an_object(int places, int classes, int objects) {
    at.stage.flags("--capacity-ownerref-level=0");
    at.stage.cluster.put(POD, SimulatedCluster.object("csi", "pod-1"));
    for (var i = 0; i < places; i++) {
      at.stage.node("n" + i, Map.of("zone", "z" + i), "zone");
      at.stage.node("m" + i, Map.of("zone", "z" + i), "zone");
    }
    if (classes == 0) {
      at.stage.cluster.delete(StorageClass.KIND, ObjectKey.cluster(Stage.CLASS));
    }
    if (classes == 2) {
      at.lateClass("slow");
    }
    var life = at.stage.life();

    life.live(ofSeconds(5));

    assertThat(at.objects()).hasSize(objects);
    if (objects == 1) {
      var object = at.objects().getFirst();
      assertThat(object.at("/metadata/name").asText()).startsWith("csisc-");
      assertThat(object.at("/metadata/labels").toString())
          .isEqualTo(
              "{\"csi.storage.k8s.io/drivername\":\"disk.example.com\","
                  + "\"csi.storage.k8s.io/managed-by\":\"external-provisioner\"}");
      assertThat(object.at("/metadata/ownerReferences/0/name").asText()).isEqualTo("pod-1");
      assertThat(object.at("/nodeTopology/matchLabels/zone").asText()).isEqualTo("z0");
      assertThat(object.at("/capacity").asText()).isEqualTo("1Gi");
      assertThat(object.at("/storageClassName").asText()).isEqualTo(Stage.CLASS);
    }
    assertThat(life.metrics())
        .contains("csistoragecapacities_desired_goal " + (double) objects)
        .contains("csistoragecapacities_desired_current " + (double) objects)
        .contains("csistoragecapacities_obsolete 0.0");
  }

  /** K2. */
  @Test
  void given_a_largest_size_then_the_object_follows() {
    at.zone();
    var life = at.stage.life();
    at.driver.capacity = _ -> room(10, 5L);
    life.live(ofSeconds(5));
    assertThat(at.only().at("/maximumVolumeSize").asText()).isEqualTo("5");

    at.driver.capacity = _ -> room(10, 6L);
    life.live(ofSeconds(65));
    assertThat(at.only().at("/maximumVolumeSize").asText()).isEqualTo("6");

    at.driver.capacity = _ -> room(10, null);
    life.live(ofSeconds(65));
    assertThat(at.only().has("maximumVolumeSize")).isFalse();
  }

  /** K2. */
  @ParameterizedTest
  @CsvSource({"false, 0", "true, 1"})
  void given_an_immediate_class_then_the_flag_decides(boolean flag, int objects) {
    at.stage.flags("--capacity-for-immediate-binding=" + flag);
    at.stage.storageClass(_ -> {});
    at.zone();

    at.stage.life().live(ofSeconds(5));

    assertThat(at.objects()).hasSize(objects);
  }

  /** K3. */
  @ParameterizedTest
  @CsvSource({"1Gi, mine, 0", "2Gi, mine, 1", "1Gi, none, 1", "1Gi, theirs, 1"})
  void given_an_object_then_it_is_written_only_where_it_is_wrong(
      String capacity, String owner, int writes) {
    at.stage.flags("--capacity-ownerref-level=0");
    var pod = SimulatedCluster.object("csi", "pod-1");
    pod.withObject("/metadata").put("uid", "pod-uid");
    at.stage.cluster.put(POD, pod);
    at.zone();
    at.object(
        "old",
        object -> {
          object.put("capacity", capacity);
          if (!owner.equals("none")) {
            object
                .withObject("/metadata")
                .putArray("ownerReferences")
                .addObject()
                .put("uid", owner.equals("mine") ? "pod-uid" : "other");
          }
        });
    var seen = new int[1];
    var life = at.stage.life(counting("csistoragecapacities", seen));

    life.live(ofSeconds(30));

    assertThat(seen[0]).isEqualTo(writes);
    assertThat(at.only().at("/capacity").asText()).isEqualTo("1Gi");
    assertThat(at.only().at("/metadata/ownerReferences").findValuesAsText("uid"))
        .contains("pod-uid");
    assertThat(at.only().at("/metadata/ownerReferences")).hasSize(owner.equals("theirs") ? 2 : 1);
  }

  /** K4. */
  @ParameterizedTest
  @CsvSource({
    "class, false",
    "place, false",
    "duplicate, false",
    "manager, true",
    "unmanaged, true"
  })
  void given_an_object_too_many_then_ours_goes_and_others_stay(String how, boolean stays) {
    at.zone();
    at.object("a-right-one", _ -> {});
    at.object(
        "wrong",
        object -> {
          switch (how) {
            case "class" -> object.put("storageClassName", "gone");
            case "place" -> object.withObject("/nodeTopology/matchLabels").put("zone", "gone");
            case "manager" ->
                object.withObject("/metadata/labels").put(CapacityView.MANAGER_LABEL, "other");
            case "unmanaged" ->
                object.withObject("/metadata/labels").remove(CapacityView.MANAGER_LABEL);
            default -> {}
          }
        });

    at.stage.life().live(ofSeconds(10));

    assertThat(at.stage.cluster.has(CapacityObject.KIND, new ObjectKey("csi", "wrong")))
        .isEqualTo(stays);
    assertThat(at.stage.cluster.has(CapacityObject.KIND, new ObjectKey("csi", "a-right-one")))
        .isTrue();
  }

  /** K5. */
  @ParameterizedTest
  @CsvSource({"deleted", "relabelled"})
  void given_an_object_that_somebody_took_then_there_is_a_new_one(String how) {
    at.zone();
    var life = at.stage.life();
    life.live(ofSeconds(10));
    var key = keyOf(at.only());

    if (how.equals("deleted")) {
      at.stage.cluster.delete(CapacityObject.KIND, key);
    } else {
      at.stage.cluster.change(
          CapacityObject.KIND,
          key,
          object -> object.withObject("/metadata/labels").put(CapacityView.MANAGER_LABEL, "x"));
    }
    life.live(ofSeconds(10));

    assertThat(at.objects().stream().filter(object -> !keyOf(object).equals(key))).hasSize(1);
  }

  /** K5, K10. */
  @Test
  void given_places_and_classes_that_come_and_go_then_objects_follow() {
    at.zone();
    var life = at.stage.life();
    life.live(ofSeconds(5));

    at.stage.node("n2", Map.of("zone", "2"), "zone");
    at.lateClass("slow");
    life.live(ofSeconds(5));
    assertThat(at.objects()).hasSize(4);

    at.stage.cluster.delete(Node.KIND, ObjectKey.cluster("n1"));
    at.stage.cluster.delete(StorageClass.KIND, ObjectKey.cluster("slow"));
    life.live(ofSeconds(5));
    assertThat(at.objects()).hasSize(1);
    assertThat(at.only().at("/nodeTopology/matchLabels/zone").asText()).isEqualTo("2");

    at.stage.cluster.change(
        Node.KIND,
        ObjectKey.cluster("n2"),
        node -> node.withObject("/metadata/labels").put("zone", "3"));
    life.live(ofSeconds(5));
    assertThat(at.only().at("/nodeTopology/matchLabels/zone").asText()).isEqualTo("3");

    at.stage.cluster.delete(CsiNode.KIND, ObjectKey.cluster("n2"));
    life.live(ofSeconds(5));
    assertThat(at.objects()).isEmpty();
  }

  /** K10. */
  @Test
  void given_nodes_then_places_are_made_of_those_that_have_all_labels() {
    var nodes =
        List.of(
            Objects.node("a", Map.of("rack", "1", "zone", "1")),
            Objects.node("b", Map.of("zone", "1", "rack", "1")),
            Objects.node("c", Map.of("zone", "2")),
            Objects.node("d", Map.of("zone", "3", "rack", "3")));
    var csiNodes =
        List.of(
            Objects.csiNode("a", "zone", "rack"),
            Objects.csiNode("b", "rack", "zone"),
            Objects.csiNode("c", "zone", "rack"),
            Objects.csiNode("gone", "zone", "rack"));

    assertThat(Segments.of(csiNodes, nodes, Objects.DRIVER))
        .containsExactly(Term.of(Map.of("rack", "1", "zone", "1")));
    assertThat(Segments.of(List.of(Objects.csiNode("a")), nodes, Objects.DRIVER))
        .containsExactly(Term.of(Map.of()));
    assertThat(Segments.of(csiNodes, nodes, "other")).isEmpty();
  }

  private static Outcome<GetCapacityResponse> room(long bytes, @Nullable Long maximum) {
    var reply = GetCapacityResponse.newBuilder().setAvailableCapacity(bytes);
    if (maximum != null) {
      reply.setMaximumVolumeSize(Int64Value.of(maximum));
    }
    return new Outcome.Done<>(reply.build());
  }

  private static ObjectKey keyOf(ObjectNode object) {
    return new ObjectKey("csi", object.at("/metadata/name").asText());
  }

  private static Effects counting(String resource, int[] seen) {
    return new Effects() {
      @Override
      public void before(String what) {
        if (what.contains(resource)) {
          seen[0]++;
        }
      }

      @Override
      public void after(String what) {}
    };
  }
}
