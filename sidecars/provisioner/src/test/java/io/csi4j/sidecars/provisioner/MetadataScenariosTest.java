package io.csi4j.sidecars.provisioner;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.csi4j.e2e.simulator.Effects;
import io.csi4j.e2e.simulator.SimulatedCluster;
import io.csi4j.sidecars.kit.cluster.Surroundings;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.options.BadFlags;
import io.csi4j.sidecars.kit.options.Flags;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the driver is told of whose volume it is: R6 of provisioner 26, and B-26. */
class MetadataScenariosTest {
  private final Stage stage = new Stage();
  private TunedDriver driver = new TunedDriver(stage.driver.life(Effects.QUIET));

  private MetadataScenariosTest() {
    stage.driverDoor(
        door -> {
          driver = new TunedDriver(door);
          return driver;
        });
  }

  /** R6. */
  @Test
  void given_extra_metadata_then_three_keys_are_added() {
    stage.flags("--extra-create-metadata");
    stage.claim("data");

    stage.life().live(ofSeconds(3));

    assertThat(driver.creates.getFirst().getParametersMap())
        .isEqualTo(
            Map.of(
                "csi.storage.k8s.io/pvc/name", "data",
                "csi.storage.k8s.io/pvc/namespace", "ns",
                "csi.storage.k8s.io/pv/name", "pvc-uid-of-data"));
  }

  /** B-26: only labels that are named, and only those that the claim has. */
  @Test
  void given_labels_are_named_then_the_driver_is_told_and_the_volume_has_them() {
    stage.flags(
        "--extra-create-metadata-labels=team,tier", "--copy-claim-labels=cost/center, team");
    stage.claim(
        "data",
        claim ->
            claim
                .withObject("/metadata/labels")
                .put("team", "blue")
                .put("cost/center", "7")
                .put("secret", "x"));

    stage.life().live(ofSeconds(3));

    assertThat(driver.creates.getFirst().getParametersMap())
        .isEqualTo(Map.of("csi.storage.k8s.io/pvc/labels/team", "blue"));
    assertThat(stage.volume("data").at("/metadata/labels").toString())
        .isEqualTo("{\"cost/center\":\"7\",\"team\":\"blue\"}");
  }

  /** B-26: by the names that are under review upstream. */
  @Test
  void given_keys_of_namespaces_are_named_then_the_driver_is_told_those_that_there_are() {
    stage.flags(
        "--extra-create-metadata-namespace-labels=team,tier",
        "--extra-create-metadata-namespace-annotations=example.com/cost-center");
    var namespace = SimulatedCluster.object("", "ns");
    namespace.withObject("/metadata/labels").put("team", "blue").put("secret", "x");
    namespace.withObject("/metadata/annotations").put("example.com/cost-center", "7");
    stage.cluster.put(Namespace.KIND, namespace);
    stage.claim("data");

    stage.life().live(ofSeconds(3));

    assertThat(driver.creates.getFirst().getParametersMap())
        .isEqualTo(
            Map.of(
                "csi.storage.k8s.io/namespace/labels/team", "blue",
                "csi.storage.k8s.io/namespace/annotations/example.com/cost-center", "7"));
  }

  /** B-26: without the right the claim says so, and gets no volume without its metadata. */
  @Test
  void given_namespaces_may_not_be_read_then_the_claim_is_told_and_tried_again() {
    stage.flags("--extra-create-metadata-namespace-labels=team");
    stage.cluster.put(Namespace.KIND, SimulatedCluster.object("", "ns"));
    stage.claim("data");
    var forbidden = new boolean[] {true};
    var life = stage.life(forbidding("get namespaces", forbidden));

    life.live(ofSeconds(3));
    assertThat(driver.creates).isEmpty();
    assertThat(life.reasons()).contains("ProvisioningFailed");
    forbidden[0] = false;
    life.live(ofSeconds(10));

    assertThat(driver.creates).hasSize(1);
  }

  private static Effects forbidding(String what, boolean[] forbidden) {
    return new Effects() {
      @Override
      public void before(String effect) {}

      @Override
      public void after(String effect) {}

      @Override
      public void reading(String effect) {
        if (forbidden[0] && effect.startsWith(what)) {
          throw new ApiFailure.Forbidden(effect + ": forbidden");
        }
      }
    };
  }

  /** B-26. */
  @Test
  void given_something_that_is_no_key_then_it_does_not_start() {
    assertThatThrownBy(
            () ->
                ProvisionerOptions.from(
                    Flags.parse(List.of("--extra-create-metadata-namespace-labels=a b")),
                    new Surroundings("", "", "")))
        .isInstanceOf(BadFlags.class)
        .hasMessageContaining("--extra-create-metadata-namespace-labels")
        .hasMessageContaining("keys of labels or annotations");
  }
}
