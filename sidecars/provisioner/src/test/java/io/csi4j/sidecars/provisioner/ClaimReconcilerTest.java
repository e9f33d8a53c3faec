package io.csi4j.sidecars.provisioner;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.e2e.simulator.CrashAt;
import io.csi4j.e2e.simulator.Effects;
import io.csi4j.e2e.simulator.SimulatedCluster;
import io.csi4j.e2e.simulator.SimulatedDriver;
import io.csi4j.e2e.simulator.SimulatedDriver.Fault;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.StorageClass;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The life cycle of provisioner.md 6.3 and the classes of 12, on simulated doors. */
class ClaimReconcilerTest {
  private static final String VOLUME = "pvc-uid-of-data";
  private static final ObjectKey VOLUME_KEY = ObjectKey.cluster(VOLUME);

  private final SimulatedCluster cluster = new SimulatedCluster();
  private final SimulatedDriver driver = new SimulatedDriver();
  private final ProvisionerLife life = new ProvisionerLife(cluster, driver, Effects.QUIET);
  private final ObjectKey claim = ProvisionerLife.claimOfOurs(cluster, "data");

  @Test
  void given_a_claim_then_it_gets_one_volume_by_one_call() {
    life.live(ofSeconds(10));

    assertThat(cluster.get(Volume.KIND, VOLUME_KEY).at("/spec/csi/volumeHandle").asText())
        .isEqualTo(SimulatedDriver.idOf(VOLUME));
    assertThat(driver.calls()).containsExactly("CreateVolume");
  }

  @Test
  void given_an_answer_in_doubt_then_the_same_request_is_repeated_to_the_byte() {
    driver.fails(new Fault.DoneUnheard(Code.DEADLINE_EXCEEDED));
    life.live(ofMillis(500));
    cluster.change(
        StorageClass.KIND,
        ObjectKey.cluster("fast"),
        object -> object.putObject("parameters").put("tier", "changed"));

    life.live(ofSeconds(10));

    assertThat(driver.creates()).hasSize(2);
    assertThat(driver.creates().get(1).toByteString())
        .isEqualTo(driver.creates().get(0).toByteString());
    assertThat(cluster.has(Volume.KIND, VOLUME_KEY)).isTrue();
  }

  @Test
  void
      given_an_answer_in_doubt_when_the_claim_is_deleted_then_the_volume_gets_its_object_and_its_end() {
    driver.fails(
        new Fault.DoneUnheard(Code.DEADLINE_EXCEEDED), new Fault.Says(Code.ABORTED, "busy"));
    life.live(ofMillis(500));
    cluster.delete(Claim.KIND, claim);

    life.live(ofSeconds(30));
    assertThat(cluster.has(Volume.KIND, VOLUME_KEY)).isTrue();
    ProvisionerLife.release(cluster, VOLUME_KEY);
    life.live(ofSeconds(30));

    assertThat(cluster.all(Volume.KIND)).isEmpty();
    assertThat(driver.volumeNames()).isEmpty();
  }

  @Test
  void given_a_final_refusal_when_the_claim_is_deleted_then_nothing_is_repeated() {
    driver.fails(new Fault.Says(Code.INTERNAL, "no"));
    life.live(ofMillis(500));
    cluster.delete(Claim.KIND, claim);

    life.live(ofMinutes(10));

    assertThat(driver.calls()).containsExactly("CreateVolume");
  }

  @Test
  void given_a_request_that_the_driver_calls_invalid_then_it_waits_five_minutes() {
    driver.fails(new Fault.Says(Code.INVALID_ARGUMENT, "no such tier"));

    life.live(ofSeconds(299));
    assertThat(driver.calls()).hasSize(1);
    life.live(ofSeconds(5));

    assertThat(driver.calls()).hasSize(2);
    assertThat(cluster.has(Volume.KIND, VOLUME_KEY)).isTrue();
  }

  @Test
  void given_the_driver_is_away_then_the_claim_is_served_when_it_is_back() {
    driver.fails(new Fault.Away(), new Fault.Away(), new Fault.Away());

    life.live(ofSeconds(10));

    assertThat(driver.calls()).containsExactly("CreateVolume");
    assertThat(cluster.has(Volume.KIND, VOLUME_KEY)).isTrue();
  }

  @Test
  void given_an_object_of_the_volumes_name_that_is_anothers_then_it_is_not_taken_for_ours() {
    cluster.put(Volume.KIND, SimulatedCluster.object("", "placeholder"));
    var foreign = SimulatedCluster.object("", VOLUME);
    foreign
        .withObject("/spec/claimRef")
        .put("namespace", "ns")
        .put("name", "x")
        .put("uid", "other");

    // The table has not seen it yet: only the API server knows.
    var stale = new ProvisionerLife(cluster, driver, putsBefore("create", foreign));
    stale.live(ofSeconds(3));

    assertThat(cluster.get(Volume.KIND, VOLUME_KEY).at("/spec/claimRef/uid").asText())
        .isEqualTo("other");
    assertThat(driver.volumeNames()).containsExactly(VOLUME);
  }

  /**
   * Every effect is a place to die, before it and after it; the next life must end with the same
   * world.
   */
  @ParameterizedTest(name = "moment {0}")
  @MethodSource("moments")
  void given_a_crash_at_any_moment_then_the_next_life_ends_with_one_volume_or_none(int moment) {
    var crash = new CrashAt(moment);
    var first = new ProvisionerLife(cluster, driver, crash);
    var lived = first.live(ofSeconds(5)) && endsTheClaim() && first.live(ofSeconds(5));
    assertThat(lived).as("crashed at %s", crash.history()).isFalse();

    var second = new ProvisionerLife(cluster, driver, Effects.QUIET);
    second.live(ofSeconds(5));
    assertThat(driver.volumeNames().size()).isEqualTo(cluster.all(Volume.KIND).size());
    endsTheClaim();
    second.live(ofSeconds(5));

    assertThat(driver.volumeNames()).isEmpty();
    assertThat(cluster.all(Volume.KIND)).isEmpty();
  }

  /** As many as a life without a crash has; the test fails where there are more or fewer. */
  static IntStream moments() {
    var cluster = new SimulatedCluster();
    var never = CrashAt.never();
    var driver = new SimulatedDriver();
    var key = ProvisionerLife.claimOfOurs(cluster, "data");
    var life = new ProvisionerLife(cluster, driver, never);
    life.live(ofSeconds(5));
    cluster.delete(Claim.KIND, key);
    ProvisionerLife.release(cluster, VOLUME_KEY);
    life.live(ofSeconds(5));
    return IntStream.range(0, never.history().size());
  }

  private boolean endsTheClaim() {
    if (cluster.has(Claim.KIND, claim)) {
      cluster.delete(Claim.KIND, claim);
    }
    if (cluster.has(Volume.KIND, VOLUME_KEY)) {
      ProvisionerLife.release(cluster, VOLUME_KEY);
    }
    return true;
  }

  private Effects putsBefore(String effect, com.fasterxml.jackson.databind.node.ObjectNode object) {
    return new Effects() {
      private boolean done;

      @Override
      public void before(String what) {
        if (what.startsWith(effect) && !done) {
          done = true;
          cluster.put(Volume.KIND, object);
        }
      }

      @Override
      public void after(String what) {}
    };
  }
}
