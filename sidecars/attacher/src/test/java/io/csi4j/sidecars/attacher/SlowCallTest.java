package io.csi4j.sidecars.attacher;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.e2e.simulator.Effects;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.time.ManualTime;
import org.junit.jupiter.api.Test;

/** What happens while a call to the driver takes its time. */
class SlowCallTest {
  private final World world = new World();
  private final ManualTime time = new ManualTime();
  private final SlowDriver slowly = new SlowDriver();
  private final World.Life life = world.life(World.PUBLISHES, slowly, time);

  /** Scenario 94. */
  @Test
  void given_it_changes_while_it_is_published_then_it_is_looked_at_once_more_and_not_twice() {
    world.attachmentAppears();
    life.live(ofSeconds(1));
    for (var i = 0; i < 3; i++) {
      var poke = Integer.toString(i);
      world.cluster.change(
          Attachment.KIND,
          World.ATTACHMENT,
          object -> object.withObject("/metadata/annotations").put("poke", poke));
      life.live(ofSeconds(1));
    }
    assertThat(slowly.begun).isEqualTo(1);

    life.live(ofSeconds(60));

    assertThat(slowly.most).isEqualTo(1);
    assertThat(slowly.begun).isEqualTo(1);
    assertThat(world.attached()).isTrue();
  }

  /** Invariant I15: the detach waits until the attach is over, and then comes at once. */
  @Test
  void given_it_is_deleted_while_it_is_published_then_it_is_unpublished_afterwards() {
    world.attachmentAppears();
    life.live(ofSeconds(1));

    world.attachmentIsDeleted();
    life.live(ofSeconds(60));

    assertThat(slowly.most).isEqualTo(1);
    assertThat(world.driver.calls())
        .containsExactly("ControllerPublishVolume", "ControllerUnpublishVolume");
    assertThat(world.hasAttachment()).isFalse();
    assertThat(world.driver.attached()).isEmpty();
  }

  /** Scenario 95 and invariant I15: two nodes, one volume, one call at a time. */
  @Test
  void given_two_nodes_that_want_the_volume_then_their_calls_do_not_overlap() {
    world.nodeAppears("node2", "nodeID2");
    world.attachmentAppears();
    world.cluster.put(Attachment.KIND, World.attachment("va2", "csi/test", "node2"));

    life.live(ofSeconds(60));

    assertThat(slowly.most).isEqualTo(1);
    assertThat(world.driver.attached()).containsExactly("handle1@nodeID1", "handle1@nodeID2");
  }

  /** Takes ten seconds for each call. */
  private final class SlowDriver implements Effects {
    private int begun;
    private int now;
    private int most;

    @Override
    public void before(String effect) {
      if (effect.startsWith("Controller")) {
        begun++;
        most = Math.max(most, ++now);
        time.sleep(ofSeconds(10));
        now--;
      }
    }

    @Override
    public void after(String effect) {}
  }
}
