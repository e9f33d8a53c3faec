package io.csi4j.sidecars.provisioner;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.e2e.simulator.Effects;
import io.csi4j.e2e.simulator.SimulatedCluster;
import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** R16 and R17 of provisioner 26: classes of attributes that may change later. */
class AttributesScenariosTest {
  private final Stage stage = new Stage();
  private TunedDriver driver = new TunedDriver(stage.driver.life(Effects.QUIET));

  private AttributesScenariosTest() {
    stage.driverDoor(
        door -> {
          driver = new TunedDriver(door);
          return driver;
        });
  }

  /** R16. */
  @Test
  void given_an_attributes_class_then_its_parameters_are_sent_apart() {
    stage.can(RPC.Type.MODIFY_VOLUME).parameters(Map.of("iops", "100"));
    attributesClass(Objects.DRIVER);
    gold("data");

    stage.life().live(ofSeconds(3));

    assertThat(driver.creates.getFirst().getParametersMutableMap())
        .isEqualTo(Map.of("iops", "900"));
    assertThat(driver.creates.getFirst().getParametersMap()).isEqualTo(Map.of("iops", "100"));
    assertThat(stage.volume("data").at("/spec/volumeAttributesClassName").asText())
        .isEqualTo("gold");
  }

  /** Section 5.2: an older server has the field and not the kind; who sets the gate means it. */
  @ParameterizedTest
  @CsvSource({"'', true", "VolumeAttributesClass=true, false"})
  void given_a_server_without_attributes_classes_then_the_gate_is_off_unless_it_was_set(
      String gates, boolean made) {
    if (!gates.isEmpty()) {
      stage.flags("--feature-gates=" + gates);
    }
    stage.can(RPC.Type.MODIFY_VOLUME);
    stage.cluster.withoutKind(AttributesClass.KIND);
    gold("data");

    stage.life().live(ofSeconds(3));

    assertThat(stage.hasVolume("data")).isEqualTo(made);
    if (made) {
      assertThat(stage.volume("data").at("/spec").has("volumeAttributesClassName")).isFalse();
    }
  }

  /** R17. */
  @ParameterizedTest
  @CsvSource({
    "false, true, disk.example.com, ''",
    "true, false, disk.example.com, does not support VolumeAttributesClass",
    "true, true, missing, not found",
    "true, true, other, does not match driver name"
  })
  void given_an_attributes_class_that_cannot_be_then_it_is_said(
      boolean gate, boolean modifies, String driverName, String reason) {
    stage.flags("--feature-gates=VolumeAttributesClass=" + gate);
    if (modifies) {
      stage.can(RPC.Type.MODIFY_VOLUME);
    }
    if (!driverName.equals("missing")) {
      attributesClass(driverName);
    }
    gold("data");
    var life = stage.life();

    life.live(ofSeconds(3));

    if (reason.isEmpty()) {
      assertThat(driver.creates.getFirst().getParametersMutableMap()).isEmpty();
      assertThat(stage.volume("data").at("/spec").has("volumeAttributesClassName")).isFalse();
    } else {
      assertThat(driver.creates).isEmpty();
      assertThat(life.events().getLast().message()).contains(reason);
    }
  }

  private void gold(String name) {
    stage.claim(name, claim -> claim.withObject("/spec").put("volumeAttributesClassName", "gold"));
  }

  private void attributesClass(String driverName) {
    var object = SimulatedCluster.object("", "gold");
    object.put("driverName", driverName).putObject("parameters").put("iops", "900");
    stage.cluster.put(AttributesClass.KIND, object);
  }
}
