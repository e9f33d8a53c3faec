package io.csi4j.sidecars.provisioner;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.csi4j.e2e.simulator.SimulatedCluster;
import io.csi4j.sidecars.kit.cluster.Node;
import io.csi4j.sidecars.kit.component.Component;
import io.csi4j.sidecars.kit.doors.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scenarios K of provisioner 26: whose the objects are that tell of room. */
class CapacityOwnerScenariosTest {
  private final CapacityStage at = new CapacityStage();

  /** K11. */
  @ParameterizedTest
  @CsvSource({"-1, ''", "0, pod-1", "1, set-1", "2, deploy-1"})
  void given_a_level_then_that_owner_has_the_objects(int level, String owner) {
    at.stage.flags("--capacity-ownerref-level=" + level);
    owned("pods", "", "Pod", "pod-1", "ReplicaSet", "set-1");
    owned("replicasets", "apps", "ReplicaSet", "set-1", "Deployment", "deploy-1");
    at.zone();

    at.stage.life().live(ofSeconds(5));

    assertThat(at.only().at("/metadata/ownerReferences/0/name").asText("")).isEqualTo(owner);
  }

  /** K11. */
  @ParameterizedTest
  @CsvSource({"3", "0"})
  void given_an_owner_that_is_not_there_then_it_does_not_start(int level) {
    at.stage.flags("--capacity-ownerref-level=" + level);
    if (level == 3) {
      owned("pods", "", "Pod", "pod-1", "ReplicaSet", "set-1");
      at.stage.cluster.put(
          kind("replicasets", "apps", "ReplicaSet"), SimulatedCluster.object("csi", "set-1"));
    }

    assertThatThrownBy(at.stage::life)
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
    at.stage.cluster.put(kind(plural, group, kind), object);
  }

  private static Kind<Node> kind(String plural, String group, String kind) {
    return new Kind<>(group, "v1", plural, kind, Kind.Scope.NAMESPACED, Node.KIND.reader());
  }
}
