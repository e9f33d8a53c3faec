package io.csi4j.sidecars.provisioner;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.csi4j.e2e.simulator.Effects;
import io.csi4j.e2e.simulator.SimulatedCluster;
import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.Surroundings;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.events.Event;
import io.csi4j.sidecars.kit.options.BadFlags;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.time.ManualTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenarios N of provisioner 26: one provisioner on each node. */
class NodeScenariosTest {
  private final Stage stage = new Stage().can(RPC.Type.GET_CAPACITY).topology();
  private TunedDriver driver = new TunedDriver(stage.driver.life(Effects.QUIET));

  private NodeScenariosTest() {
    stage.flags("--node-deployment", "--strict-topology", "--immediate-topology=false");
    stage.runsIn(new Surroundings("here", "", ""));
    stage.driverDoor(
        door -> {
          driver = new TunedDriver(door);
          driver.segments = Map.of("node", "here");
          return driver;
        });
  }

  /** N1. */
  @ParameterizedTest
  @CsvSource({"here, true", "there, false", "'', false"})
  void given_late_binding_then_only_our_nodes_claims_are_served(String node, boolean served) {
    stage.storageClass(object -> object.put("volumeBindingMode", "WaitForFirstConsumer"));
    claim(node);

    stage.life().live(ofMinutes(10));

    assertThat(driver.creates).hasSize(served ? 1 : 0);
    if (served) {
      assertThat(
              driver
                  .creates
                  .getFirst()
                  .getAccessibilityRequirements()
                  .getRequisite(0)
                  .getSegmentsMap())
          .isEqualTo(Map.of("node", "here"));
    }
  }

  /** N2. */
  @ParameterizedTest
  @CsvSource({"room, true", "no room, false", "excluded, false", "flag off, false"})
  void given_nobody_chose_a_node_then_one_with_room_takes_the_claim(String how, boolean taken) {
    if (how.equals("flag off")) {
      stage.flags("--node-deployment-immediate-binding=false");
    }
    if (how.equals("excluded")) {
      allowOnly("there");
    }
    var key = claim("");
    var life = stage.life();
    driver.capacity = _ -> TunedDriver.room(how.equals("no room") ? 1 : 1L << 40);

    life.live(ofSeconds(25));

    assertThat(selected(key).equals("here")).isEqualTo(taken);
    assertThat(stage.hasVolume("data")).isEqualTo(taken);
    assertThat(life.reasons()).doesNotContain("ProvisioningFailed");
  }

  /** B-15: each node sees that, and all would write the event under one name. */
  @ParameterizedTest
  @ValueSource(strings = {"no room", "excluded"})
  void given_no_node_takes_a_claim_then_its_owner_is_told_once(String how) {
    if (how.equals("excluded")) {
      allowOnly("there");
    }
    claim("");
    var life = stage.life();
    driver.capacity = _ -> TunedDriver.room(1);

    life.live(ofMinutes(4));
    assertThat(life.events()).isEmpty();
    life.live(ofMinutes(30));

    assertThat(life.events()).hasSize(1);
    var told = life.events().getFirst();
    assertThat(told.type()).isEqualTo(Event.Type.WARNING);
    assertThat(told.reason()).isEqualTo("ProvisioningFailed");
    assertThat(told.message()).contains("no node can take this claim").contains("on node here");
    assertThat(told.name()).isEqualTo("uid-of-data.unplaced");
    life.live(ofHours(1));
    assertThat(life.events()).hasSize(2);
  }

  /** B-15. */
  @Test
  void given_another_node_takes_the_claim_later_then_nothing_is_told() {
    var key = claim("");
    var life = stage.life();
    driver.capacity = _ -> TunedDriver.room(1);
    life.live(ofMinutes(4));

    stage.select(key, "there");
    life.live(ofMinutes(30));

    assertThat(life.events()).isEmpty();
  }

  /** N3. */
  @Test
  void given_another_node_wins_then_we_stop_waiting() {
    var key = claim("");
    var life = stage.life();
    life.live(ofMillis(1));

    stage.select(key, "there");
    life.live(ofMinutes(10));

    assertThat(driver.creates).isEmpty();
    assertThat(selected(key)).isEqualTo("there");
  }

  /** N3. */
  @Test
  void given_a_conflict_then_we_wait_again_and_longer() {
    claim("");
    var tries = new int[1];
    var life =
        stage.life(
            new Effects() {
              @Override
              public void before(String what) {
                if (what.startsWith("update persistentvolumeclaims") && tries[0]++ == 0) {
                  throw new ApiFailure.Conflict("somebody wrote");
                }
              }

              @Override
              public void after(String what) {}
            });

    life.live(ofSeconds(61));

    assertThat(tries[0]).isEqualTo(2);
    assertThat(stage.hasVolume("data")).isTrue();
  }

  /** N3. */
  @Test
  void given_delays_then_all_are_within_their_limits() {
    var time = new ManualTime();
    var options = new NodeOptions("here", true, ofSeconds(20), ofSeconds(60));

    for (var tries = 0; tries < 100; tries++) {
      var delay = NodeContest.delay(options, tries, time);
      assertThat(delay).isBetween(ofSeconds(0), ofSeconds(60));
      if (tries > 2) {
        assertThat(delay).isGreaterThanOrEqualTo(ofSeconds(40));
      }
    }
  }

  /** N4. */
  @ParameterizedTest
  @CsvSource({"there, false", "here, true", "'', true"})
  void given_a_released_volume_then_it_is_deleted_where_it_is(String node, boolean deleted) {
    var volume = SimulatedCluster.object("", "pv-1");
    volume.withObject("/metadata").putArray("finalizers").add(Names.VOLUME_FINALIZER);
    volume.withObject("/metadata/annotations").put(Names.PROVISIONED_BY, Objects.DRIVER);
    volume.withObject("/spec").put("persistentVolumeReclaimPolicy", "Delete");
    volume.withObject("/spec/csi").put("driver", Objects.DRIVER).put("volumeHandle", "v");
    volume.withObject("/status").put("phase", "Released");
    if (!node.isEmpty()) {
      LostVolume.affinity(volume, node);
    }
    stage.cluster.put(Volume.KIND, volume);
    var life = stage.life();

    life.live(ofMinutes(1));

    assertThat(driver.deletes).hasSize(deleted ? 1 : 0);
    assertThat(life.events()).isEmpty();
  }

  /** N5. */
  @Test
  void given_node_names_of_many_lengths_then_the_label_fits_and_is_stable() {
    assertThat(ManagedBy.central()).isEqualTo("external-provisioner");
    assertThat(ManagedBy.node("node-a")).isEqualTo("external-provisioner-node-a");
    assertThat(ManagedBy.node("n".repeat(42))).isEqualTo("external-provisioner-" + "n".repeat(42));
    assertThat(ManagedBy.node("node" + "a".repeat(39)))
        .isEqualTo("external-p-53f40b57-node" + "a".repeat(39));
    assertThat(ManagedBy.node("node" + "a".repeat(49))).isEqualTo("external-provisioner-a3607ff1");
    for (var length : List.of(6, 42, 43, 52, 53, 67)) {
      assertThat(ManagedBy.node("n".repeat(length)).length()).isLessThanOrEqualTo(63);
    }
  }

  /** B-21. */
  @Test
  void given_node_deployment_with_a_lease_then_it_does_not_start() {
    assertThatThrownBy(
            () ->
                ProvisionerOptions.from(
                    Flags.parse(List.of("--node-deployment", "--leader-election")),
                    new Surroundings("here", "", "")))
        .isInstanceOf(BadFlags.class)
        .hasMessageContaining("without --leader-election");
  }

  private void allowOnly(String node) {
    stage.storageClass(
        object -> {
          var expression =
              object
                  .putArray("allowedTopologies")
                  .addObject()
                  .putArray("matchLabelExpressions")
                  .addObject();
          expression.put("key", "node").putArray("values").add(node);
        });
  }

  private ObjectKey claim(String node) {
    var key = stage.claim("data");
    if (!node.isEmpty()) {
      stage.select(key, node);
    }
    return key;
  }

  private String selected(ObjectKey claim) {
    return stage
        .cluster
        .get(Claim.KIND, claim)
        .at("/metadata/annotations")
        .path(Names.SELECTED_NODE)
        .asText("");
  }
}
