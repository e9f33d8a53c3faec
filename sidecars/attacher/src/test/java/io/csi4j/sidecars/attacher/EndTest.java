package io.csi4j.sidecars.attacher;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.e2e.simulator.Effects;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.time.ManualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** How a term ends: because the lease is lost, or because the process is asked to. */
class EndTest {
  private final World world = new World();
  private final ManualTime time = new ManualTime();
  private final SlowDoors doors = new SlowDoors();
  private final World.Life life = world.life(World.PUBLISHES, doors, time);

  /**
   * Scenario 99, without the exit: what is in hand ends at its next effect, what waits never
   * begins, and nothing is tried again.
   */
  @Test
  void given_the_lease_is_lost_then_no_call_and_no_write_follows() {
    world.attachmentAppears();
    life.live(ofSeconds(1));
    assertThat(doors.done).endsWith("begins ControllerPublishVolume");

    doors.deposed = true;
    world.nodeAppears("node2", "nodeID2");
    world.cluster.put(Attachment.KIND, World.attachment("va2", "csi/test", "node2"));
    life.live(ofMinutes(10));

    assertThat(doors.done).endsWith("begins ControllerPublishVolume");
    assertThat(world.driver.publishes()).hasSize(1);
    assertThat(world.attached()).isFalse();
    assertThat(world.attachError()).isEmpty();
  }

  /** Scenario 100: what is in hand is finished, down to its status; what waits is left alone. */
  @Test
  void given_the_process_is_asked_to_end_then_running_work_is_finished_and_no_other_begun() {
    world.attachmentAppears();
    life.live(ofSeconds(1));

    time.spawn("SIGTERM", life::close);
    world.nodeAppears("node2", "nodeID2");
    world.cluster.put(Attachment.KIND, World.attachment("va2", "csi/test", "node2"));
    life.live(ofMinutes(10));

    assertThat(world.attached()).isTrue();
    assertThat(world.driver.attached()).containsExactly("handle1@nodeID1");
    assertThat(world.driver.publishes()).hasSize(1);
  }

  /** A driver that takes ten seconds, behind the fence that a lost lease closes. */
  private final class SlowDoors implements Effects {
    private final List<String> done = new ArrayList<>();
    private boolean deposed;

    @Override
    public void before(String effect) {
      if (deposed) {
        throw new CancellationException(effect + ": this process no longer leads");
      }
      if (effect.startsWith("Controller")) {
        done.add("begins " + effect);
        time.sleep(ofSeconds(10));
      } else {
        done.add(effect);
      }
    }

    @Override
    public void after(String effect) {}
  }
}
