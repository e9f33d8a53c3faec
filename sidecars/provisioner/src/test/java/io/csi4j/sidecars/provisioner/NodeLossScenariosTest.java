package io.csi4j.sidecars.provisioner;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.sidecars.kit.cluster.Node;
import io.csi4j.sidecars.kit.cluster.Surroundings;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.options.BadFlags;
import io.csi4j.sidecars.kit.options.Flags;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** B-23: volumes of nodes that are gone. */
class NodeLossScenariosTest {
  private final Stage stage = new Stage().topology();

  private NodeLossScenariosTest() {
    stage.flags("--node-loss-after=10m");
    stage.node("n1", Map.of("node", "n1"), "node");
    stage.node("n2", Map.of("node", "n2"), "node");
  }

  @Test
  void given_its_node_is_gone_for_long_then_the_volume_says_so_once_an_hour() {
    volume("Bound", _ -> {});
    var life = stage.life();
    life.live(ofMinutes(1));

    stage.cluster.delete(Node.KIND, ObjectKey.cluster("n1"));
    life.live(ofMinutes(9));
    assertThat(life.events()).isEmpty();
    life.live(ofMinutes(2));

    assertThat(life.reasons()).containsExactly("VolumeNodeLost");
    var told = life.events().getFirst();
    assertThat(told.message()).contains("no node is left").contains("node In n1");
    assertThat(told.name()).isEqualTo("uid-1.node-lost");
    life.live(ofHours(1));
    assertThat(life.reasons()).hasSize(2);
    assertThat(finalizers()).contains(Names.VOLUME_FINALIZER);
  }

  @Test
  void given_its_node_comes_back_in_time_then_nothing_is_said() {
    volume("Bound", _ -> {});
    var life = stage.life();
    life.live(ofMinutes(1));
    stage.cluster.delete(Node.KIND, ObjectKey.cluster("n1"));
    life.live(ofMinutes(9));

    stage.node("n1", Map.of("node", "n1"), "node");
    life.live(ofMinutes(30));

    assertThat(life.events()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"other driver", "no affinity", "other node", "flag off", "no nodes"})
  void given_no_loss_that_is_ours_then_nothing_is_said(String how) {
    if (how.equals("flag off")) {
      stage.flags("--node-loss-after=0");
    }
    volume(
        "Bound",
        volume -> {
          switch (how) {
            case "other driver" ->
                volume.withObject("/metadata/annotations").put(Names.PROVISIONED_BY, "other");
            case "no affinity" -> volume.withObject("/spec").remove("nodeAffinity");
            case "other node" -> LostVolume.affinity(volume, "n2");
            default -> {}
          }
        });
    stage.cluster.delete(Node.KIND, ObjectKey.cluster("n1"));
    if (how.equals("no nodes")) {
      stage.cluster.delete(Node.KIND, ObjectKey.cluster("n2"));
    }
    var life = stage.life();

    life.live(ofHours(1));

    assertThat(life.events()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "true, Released, true, true",
    "false, Released, true, false",
    "true, Released, false, false",
    "true, Bound, true, false"
  })
  void given_the_second_switch_then_what_somebody_deletes_may_go(
      boolean release, String phase, boolean deleting, boolean gone) {
    if (release) {
      stage.flags("--node-loss-release-finalizer");
    }
    driverRefusesDeletes();
    volume(phase, _ -> {});
    if (deleting) {
      stage.cluster.delete(Volume.KIND, LostVolume.KEY);
    }
    stage.cluster.delete(Node.KIND, ObjectKey.cluster("n1"));
    var life = stage.life();

    life.live(ofMinutes(15));

    assertThat(stage.cluster.has(Volume.KIND, LostVolume.KEY)).isEqualTo(!gone);
    if (!gone) {
      assertThat(finalizers()).contains(Names.VOLUME_FINALIZER);
    }
  }

  /** All nodes see it; the event's name makes one of theirs, and one finalizer goes once. */
  @Test
  void given_one_provisioner_on_each_node_then_those_that_are_left_do_it() {
    stage.flags("--node-deployment", "--node-loss-release-finalizer");
    stage.runsIn(new Surroundings("n2", "", ""));
    stage.driverDoor(
        door -> {
          var driver = new TunedDriver(door);
          driver.segments = Map.of("node", "n2");
          return driver;
        });
    volume("Released", _ -> {});
    stage.cluster.delete(Volume.KIND, LostVolume.KEY);
    var life = stage.life();
    life.live(ofMinutes(20));
    assertThat(life.events()).isEmpty();

    stage.cluster.delete(Node.KIND, ObjectKey.cluster("n1"));
    life.live(ofMinutes(11));

    assertThat(life.reasons()).containsExactly("VolumeNodeLost");
    assertThat(stage.cluster.has(Volume.KIND, LostVolume.KEY)).isFalse();
  }

  /** What was told while it was only lost does not stand in the way of what is told then. */
  @Test
  void given_a_volume_told_of_before_when_somebody_deletes_it_then_its_going_is_told_too() {
    stage.flags("--node-loss-release-finalizer").writesEvents();
    driverRefusesDeletes();
    volume("Released", _ -> {});
    stage.cluster.delete(Node.KIND, ObjectKey.cluster("n1"));
    stage.life().live(ofMinutes(15));

    stage.cluster.delete(Volume.KIND, LostVolume.KEY);
    stage.life().live(ofMinutes(15));

    assertThat(stage.cluster.has(Volume.KIND, LostVolume.KEY)).isFalse();
    assertThat(stage.cluster.all(ToldEvent.KIND))
        .filteredOn(event -> event.path("reason").asText().equals("VolumeNodeLost"))
        .extracting(event -> event.path("message").asText())
        .anyMatch(message -> message.contains("it is let go without being deleted by the driver"));
  }

  @Test
  void given_the_second_switch_alone_then_it_does_not_start() {
    assertThatThrownBy(
            () ->
                ProvisionerOptions.from(
                    Flags.parse(List.of("--node-loss-release-finalizer")),
                    new Surroundings("", "", "")))
        .isInstanceOf(BadFlags.class)
        .hasMessage(
            "--node-loss-release-finalizer: must be given with --node-loss-after, such as 1h");
  }

  private void driverRefusesDeletes() {
    stage.driverDoor(
        door -> {
          var driver = new TunedDriver(door);
          driver.refusesDeletes = true;
          return driver;
        });
  }

  private void volume(String phase, Consumer<ObjectNode> change) {
    var volume = LostVolume.on("n1", phase);
    change.accept(volume);
    stage.cluster.put(Volume.KIND, volume);
  }

  private String finalizers() {
    return stage.cluster.get(Volume.KIND, LostVolume.KEY).at("/metadata/finalizers").toString();
  }
}
