package io.csi4j.sidecars.provisioner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.simulator.Effects;
import io.csi4j.e2e.simulator.SimulatedCluster;
import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import io.csi4j.sidecars.kit.cluster.Surroundings;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A {@link Stage} for a driver with places, whose room the scheduler wants to know. */
final class CapacityStage {
  final Stage stage = new Stage().can(RPC.Type.GET_CAPACITY).topology();

  /** That of the last life. */
  TunedDriver driver = new TunedDriver(stage.driver.life(Effects.QUIET));

  CapacityStage() {
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

  void lateClass(String name) {
    stage.storageClass(name, object -> object.put("volumeBindingMode", "WaitForFirstConsumer"));
  }

  void zone() {
    stage.node("n1", Map.of("zone", "1"), "zone");
  }

  List<ObjectNode> objects() {
    return stage.cluster.all(CapacityObject.KIND);
  }

  ObjectNode only() {
    assertThat(objects()).hasSize(1);
    return objects().getFirst();
  }

  void object(String name, Consumer<ObjectNode> change) {
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
}
