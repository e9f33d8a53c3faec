package io.csi4j.sidecars.provisioner;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Int64Value;
import io.csi4j.e2e.simulator.Effects;
import io.csi4j.e2e.simulator.SimulatedCluster;
import io.csi4j.e2e.simulator.SimulatedDriver.Fault;
import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import io.csi4j.proto.csi.v1.GetCapacityResponse;
import io.csi4j.sidecars.kit.cluster.CsiNode;
import io.csi4j.sidecars.kit.cluster.Node;
import io.csi4j.sidecars.kit.cluster.StorageClass;
import io.csi4j.sidecars.kit.cluster.Surroundings;
import io.csi4j.sidecars.kit.component.Component;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Outcome;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scenarios K of provisioner 26: what the scheduler is told of room. */
class CapacityScenariosTest {
  private final Stage stage = new Stage().can(RPC.Type.GET_CAPACITY).topology();
  private TunedDriver driver = new TunedDriver(stage.driver.life(Effects.QUIET));

  private CapacityScenariosTest() {
    stage.flags("--enable-capacity", "--capacity-ownerref-level=-1");
    stage.runsIn(new Surroundings("", "pod-1", "csi"));
    lateClass(Stage.CLASS);
    stage.driverDoor(
        door -> {
          driver = new TunedDriver(door);
          driver.capacity = _ -> TunedDriver.room(1L << 30);
          return driver;
        });
  }

  private void lateClass(String name) {
    stage.storageClass(name, object -> object.put("volumeBindingMode", "WaitForFirstConsumer"));
  }

  /** K1. */
  @ParameterizedTest
  @CsvSource({"0, 1, 0", "1, 0, 0", "1, 1, 1", "2, 2, 4"})
  void given_places_and_classes_then_each_pair_has_an_object(int places, int classes, int objects) {
    stage.flags("--capacity-ownerref-level=0");
    stage.cluster.put(POD, SimulatedCluster.object("csi", "pod-1"));
    for (var i = 0; i < places; i++) {
      stage.node("n" + i, Map.of("zone", "z" + i), "zone");
      stage.node("m" + i, Map.of("zone", "z" + i), "zone");
    }
    if (classes == 0) {
      stage.cluster.delete(StorageClass.KIND, ObjectKey.cluster(Stage.CLASS));
    }
    if (classes == 2) {
      lateClass("slow");
    }
    var life = stage.life();

    life.live(ofSeconds(5));

    assertThat(objects()).hasSize(objects);
    if (objects == 1) {
      var object = objects().getFirst();
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

  private static final Kind<Node> POD =
      new Kind<>("", "v1", "pods", "Pod", Kind.Scope.NAMESPACED, Node.KIND.reader());

  /** K2. */
  @Test
  void given_a_largest_size_then_the_object_follows() {
    zone();
    var life = stage.life();
    driver.capacity = _ -> room(10, 5L);
    life.live(ofSeconds(5));
    assertThat(only().at("/maximumVolumeSize").asText()).isEqualTo("5");

    driver.capacity = _ -> room(10, 6L);
    life.live(ofSeconds(65));
    assertThat(only().at("/maximumVolumeSize").asText()).isEqualTo("6");

    driver.capacity = _ -> room(10, null);
    life.live(ofSeconds(65));
    assertThat(only().has("maximumVolumeSize")).isFalse();
  }

  private static Outcome<GetCapacityResponse> room(long bytes, @Nullable Long maximum) {
    var reply = GetCapacityResponse.newBuilder().setAvailableCapacity(bytes);
    if (maximum != null) {
      reply.setMaximumVolumeSize(Int64Value.of(maximum));
    }
    return new Outcome.Done<>(reply.build());
  }

  /** K2. */
  @ParameterizedTest
  @CsvSource({"false, 0", "true, 1"})
  void given_an_immediate_class_then_the_flag_decides(boolean flag, int objects) {
    stage.flags("--capacity-for-immediate-binding=" + flag);
    stage.storageClass(_ -> {});
    zone();

    stage.life().live(ofSeconds(5));

    assertThat(objects()).hasSize(objects);
  }

  /** K3. */
  @ParameterizedTest
  @CsvSource({"1Gi, mine, 0", "2Gi, mine, 1", "1Gi, none, 1", "1Gi, theirs, 1"})
  void given_an_object_then_it_is_written_only_where_it_is_wrong(
      String capacity, String owner, int writes) {
    stage.flags("--capacity-ownerref-level=0");
    var pod = SimulatedCluster.object("csi", "pod-1");
    pod.withObject("/metadata").put("uid", "pod-uid");
    stage.cluster.put(POD, pod);
    zone();
    object(
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
    var life = stage.life(counting("csistoragecapacities", seen));

    life.live(ofSeconds(30));

    assertThat(seen[0]).isEqualTo(writes);
    assertThat(only().at("/capacity").asText()).isEqualTo("1Gi");
    assertThat(only().at("/metadata/ownerReferences").findValuesAsText("uid")).contains("pod-uid");
    assertThat(only().at("/metadata/ownerReferences")).hasSize(owner.equals("theirs") ? 2 : 1);
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
    zone();
    object("a-right-one", _ -> {});
    object(
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

    stage.life().live(ofSeconds(10));

    assertThat(stage.cluster.has(CapacityObject.KIND, new ObjectKey("csi", "wrong")))
        .isEqualTo(stays);
    assertThat(stage.cluster.has(CapacityObject.KIND, new ObjectKey("csi", "a-right-one")))
        .isTrue();
  }

  /** K5. */
  @ParameterizedTest
  @CsvSource({"deleted", "relabelled"})
  void given_an_object_that_somebody_took_then_there_is_a_new_one(String how) {
    zone();
    var life = stage.life();
    life.live(ofSeconds(10));
    var key = keyOf(only());

    if (how.equals("deleted")) {
      stage.cluster.delete(CapacityObject.KIND, key);
    } else {
      stage.cluster.change(
          CapacityObject.KIND,
          key,
          object -> object.withObject("/metadata/labels").put(CapacityView.MANAGER_LABEL, "x"));
    }
    life.live(ofSeconds(10));

    assertThat(objects().stream().filter(object -> !keyOf(object).equals(key))).hasSize(1);
  }

  /** K5, K10. */
  @Test
  void given_places_and_classes_that_come_and_go_then_objects_follow() {
    zone();
    var life = stage.life();
    life.live(ofSeconds(5));

    stage.node("n2", Map.of("zone", "2"), "zone");
    lateClass("slow");
    life.live(ofSeconds(5));
    assertThat(objects()).hasSize(4);

    stage.cluster.delete(Node.KIND, ObjectKey.cluster("n1"));
    stage.cluster.delete(StorageClass.KIND, ObjectKey.cluster("slow"));
    life.live(ofSeconds(5));
    assertThat(objects()).hasSize(1);
    assertThat(only().at("/nodeTopology/matchLabels/zone").asText()).isEqualTo("2");

    stage.cluster.change(
        Node.KIND,
        ObjectKey.cluster("n2"),
        node -> node.withObject("/metadata/labels").put("zone", "3"));
    life.live(ofSeconds(5));
    assertThat(only().at("/nodeTopology/matchLabels/zone").asText()).isEqualTo("3");

    stage.cluster.delete(CsiNode.KIND, ObjectKey.cluster("n2"));
    life.live(ofSeconds(5));
    assertThat(objects()).isEmpty();
  }

  /** K6. */
  @Test
  void given_the_driver_fails_then_the_object_stays_and_it_is_asked_again() {
    zone();
    var life = stage.life();
    life.live(ofSeconds(5));
    driver.capacity = _ -> new Outcome.Refused<>(Code.INTERNAL, "no");
    life.live(ofMinutes(2));
    assertThat(only().at("/capacity").asText()).isEqualTo("1Gi");

    driver.capacity = _ -> TunedDriver.room(5);
    life.live(ofMinutes(6));

    assertThat(only().at("/capacity").asText()).isEqualTo("5");
  }

  /** K7, K8. */
  @ParameterizedTest
  @CsvSource({"created, 1", "refused, 2", "never reached, 0"})
  void given_a_volume_that_is_made_or_not_then_the_room_it_may_have_changed_is_asked_for(
      String how, int questions) {
    zone();
    stage.node("n2", Map.of("zone", "2"), "zone");
    var life = stage.life();
    life.live(ofSeconds(10));
    driver.questions.clear();
    switch (how) {
      case "refused" -> stage.driver.fails(new Fault.Says(Code.INTERNAL, "no"));
      case "never reached" -> stage.driver.fails(new Fault.Away());
      default -> {}
    }
    stage.claim(
        "data", claim -> claim.withObject("/metadata/annotations").put(Names.SELECTED_NODE, "n1"));

    life.live(ofMillis(400));

    assertThat(driver.questions).hasSize(questions);
    if (how.equals("created")) {
      assertThat(driver.questions.getFirst().getAccessibleTopology().getSegmentsMap())
          .isEqualTo(Map.of("zone", "1"));
    }
  }

  /** K7, K8. */
  @Test
  void given_a_volume_that_is_deleted_then_its_place_is_asked_for() {
    zone();
    stage.node("n2", Map.of("zone", "2"), "zone");
    stage.claim(
        "data", claim -> claim.withObject("/metadata/annotations").put(Names.SELECTED_NODE, "n2"));
    var life = stage.life();
    life.live(ofSeconds(10));
    driver.questions.clear();

    stage.endClaim("data");
    life.live(ofSeconds(1));

    assertThat(driver.questions)
        .singleElement()
        .satisfies(
            question ->
                assertThat(question.getAccessibleTopology().getSegmentsMap())
                    .isEqualTo(Map.of("zone", "2")));
  }

  private static final int PLACES = 200;

  /** K9, B-11: three polls come due before all have been asked once. */
  @Test
  void given_many_places_and_a_slow_driver_then_no_queue_grows() {
    for (var i = 0; i < PLACES; i++) {
      stage.node("n" + i, Map.of("zone", "z" + i), "zone");
    }
    var life = stage.life();
    var inside = new int[2];
    driver.capacity =
        _ -> {
          inside[1] = Math.max(inside[1], ++inside[0]);
          life.time().sleep(ofSeconds(1));
          inside[0]--;
          return TunedDriver.room(1);
        };

    life.live(ofMinutes(4));

    assertThat(inside[1]).isEqualTo(1);
    assertThat(driver.questions).hasSizeBetween(PLACES, PLACES + 45);
    var depth =
        life.metrics()
            .lines()
            .filter(line -> line.startsWith("workqueue_depth{name=\"csistoragecapacity\"}"))
            .findFirst()
            .orElseThrow();
    assertThat(Double.parseDouble(depth.substring(depth.lastIndexOf(' '))))
        .isLessThanOrEqualTo(PLACES);
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

  /** K11. */
  @ParameterizedTest
  @CsvSource({"-1, ''", "0, pod-1", "1, set-1", "2, deploy-1"})
  void given_a_level_then_that_owner_has_the_objects(int level, String owner) {
    stage.flags("--capacity-ownerref-level=" + level);
    owned("pods", "", "Pod", "pod-1", "ReplicaSet", "set-1");
    owned("replicasets", "apps", "ReplicaSet", "set-1", "Deployment", "deploy-1");
    zone();

    stage.life().live(ofSeconds(5));

    assertThat(only().at("/metadata/ownerReferences/0/name").asText("")).isEqualTo(owner);
  }

  /** K11. */
  @ParameterizedTest
  @CsvSource({"3", "0"})
  void given_an_owner_that_is_not_there_then_it_does_not_start(int level) {
    stage.flags("--capacity-ownerref-level=" + level);
    if (level == 3) {
      owned("pods", "", "Pod", "pod-1", "ReplicaSet", "set-1");
      stage.cluster.put(
          kind("replicasets", "apps", "ReplicaSet"), SimulatedCluster.object("csi", "set-1"));
    }

    assertThatThrownBy(stage::life)
        .isInstanceOf(Component.Fatal.class)
        .hasMessageContaining("--capacity-ownerref-level");
  }

  private void owned(
      String plural, String group, String kind, String name, String ownerKind, String owner) {
    var object = SimulatedCluster.object("csi", name);
    object
        .withObject("/metadata")
        .putArray("ownerReferences")
        .addObject()
        .put("apiVersion", "apps/v1")
        .put("kind", ownerKind)
        .put("name", owner)
        .put("uid", "uid-of-" + owner)
        .put("controller", true);
    stage.cluster.put(kind(plural, group, kind), object);
  }

  private static Kind<Node> kind(String plural, String group, String kind) {
    return new Kind<>(group, "v1", plural, kind, Kind.Scope.NAMESPACED, Node.KIND.reader());
  }

  private void zone() {
    stage.node("n1", Map.of("zone", "1"), "zone");
  }

  private List<ObjectNode> objects() {
    return stage.cluster.all(CapacityObject.KIND);
  }

  private ObjectNode only() {
    assertThat(objects()).hasSize(1);
    return objects().getFirst();
  }

  private static ObjectKey keyOf(ObjectNode object) {
    return new ObjectKey("csi", object.at("/metadata/name").asText());
  }

  private void object(String name, Consumer<ObjectNode> change) {
    var object = SimulatedCluster.object("csi", name);
    object
        .withObject("/metadata/labels")
        .put(CapacityView.DRIVER_LABEL, Objects.DRIVER)
        .put(CapacityView.MANAGER_LABEL, "external-provisioner");
    object.put("storageClassName", Stage.CLASS).put("capacity", "1Gi");
    object.withObject("/nodeTopology/matchLabels").put("zone", "1");
    change.accept(object);
    stage.cluster.put(CapacityObject.KIND, object);
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
