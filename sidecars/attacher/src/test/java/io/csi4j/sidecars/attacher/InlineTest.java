package io.csi4j.sidecars.attacher;

import static io.csi4j.sidecars.attacher.World.OURS;
import static io.csi4j.sidecars.attacher.World.PATCH_ATTACHMENT;
import static io.csi4j.sidecars.attacher.World.PATCH_STATUS;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.simulator.SimulatedCluster;
import io.csi4j.sidecars.kit.cluster.Attachment;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A volume that is described in the attachment itself: attacher.md 10.3. */
class InlineTest {
  private final World world = new World();
  private final World.Life life = world.life();

  /** Scenarios 2 and 7. */
  @Test
  void given_an_inline_volume_then_it_is_published_and_no_volume_touched() {
    appears(_ -> {});

    life.live(ofSeconds(10));

    assertThat(world.faults.history())
        .containsExactly(PATCH_ATTACHMENT, "ControllerPublishVolume", PATCH_STATUS);
    assertThat(world.driver.attached()).containsExactly("inline1@nodeID1");
    assertThat(world.finalizersOfAttachment()).containsExactly(OURS);
  }

  /** Scenarios 4 and 9. */
  @Test
  void given_its_attributes_and_read_only_then_the_driver_gets_them() {
    appears(
        csi -> {
          csi.put("readOnly", true);
          csi.putObject("volumeAttributes").put("foo", "bar");
        });

    life.look();

    var request = world.driver.publishes().getFirst();
    assertThat(request.getReadonly()).isTrue();
    assertThat(request.getVolumeContextMap()).isEqualTo(Map.of("foo", "bar"));
  }

  /** Scenario 11. */
  @Test
  void given_its_secret_then_the_driver_gets_what_is_in_it() {
    world.secretAppears(data -> data.put("foo", "YmFy"));
    appears(
        csi ->
            csi.putObject("controllerPublishSecretRef")
                .put("namespace", "default")
                .put("name", "secret1"));

    life.look();

    assertThat(world.driver.publishes().getFirst().getSecretsMap()).isEqualTo(Map.of("foo", "bar"));
  }

  /** Scenario 43. */
  @Test
  void given_it_is_deleted_then_it_is_unpublished_and_gone() {
    appears(_ -> {});
    life.look();

    world.attachmentIsDeleted();
    life.look();

    assertThat(world.driver.attached()).isEmpty();
    assertThat(world.hasAttachment()).isFalse();
  }

  /** attacher.md 10.3. */
  @Test
  void given_an_inline_volume_of_another_make_then_the_user_reads_so() {
    var attachment = SimulatedCluster.object("", "va1");
    var spec = attachment.putObject("spec").put("attacher", "csi/test").put("nodeName", "node1");
    spec.withObject("/source/inlineVolumeSpec/hostPath").put("path", "/tmp");
    attachment.putObject("status").put("attached", false);
    world.cluster.put(Attachment.KIND, attachment);

    life.look();

    assertThat(world.attachError()).isEqualTo("inline volume spec contains nil CSI source");
    assertThat(world.driver.calls()).isEmpty();
  }

  private void appears(Consumer<ObjectNode> more) {
    var attachment = SimulatedCluster.object("", "va1");
    var spec = attachment.putObject("spec").put("attacher", "csi/test").put("nodeName", "node1");
    var volume = spec.withObject("/source/inlineVolumeSpec");
    volume.putArray("accessModes").add("ReadWriteMany");
    more.accept(volume.putObject("csi").put("driver", "csi/test").put("volumeHandle", "inline1"));
    attachment.putObject("status").put("attached", false);
    world.cluster.put(Attachment.KIND, attachment);
  }
}
