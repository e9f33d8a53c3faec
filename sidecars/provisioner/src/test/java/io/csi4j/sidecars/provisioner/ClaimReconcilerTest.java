package io.csi4j.sidecars.provisioner;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.e2e.simulator.Effects;
import io.csi4j.e2e.simulator.SimulatedCluster;
import io.csi4j.e2e.simulator.SimulatedDriver;
import io.csi4j.e2e.simulator.SimulatedDriver.Fault;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.StorageClass;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import org.junit.jupiter.api.Test;

/** The life cycle of provisioner.md 6.3 and the classes of 12, on simulated doors. */
class ClaimReconcilerTest {
  private static final String VOLUME = "pvc-uid-of-data";
  private static final ObjectKey VOLUME_KEY = ObjectKey.cluster(VOLUME);

  private final Stage stage = new Stage();
  private final SimulatedCluster cluster = stage.cluster;
  private final SimulatedDriver driver = stage.driver;
  private final ProvisionerLife life = stage.life();
  private final ObjectKey claim = stage.claim("data");

  @Test
  void given_a_claim_then_it_gets_one_volume_by_one_call() {
    life.live(ofSeconds(10));

    assertThat(cluster.get(Volume.KIND, VOLUME_KEY).at("/spec/csi/volumeHandle").asText())
        .isEqualTo(SimulatedDriver.idOf(VOLUME));
    assertThat(driver.calls()).containsExactly("CreateVolume");
    assertThat(life.reasons()).containsExactly("Provisioning", "ProvisioningSucceeded");
  }

  /** 26.E9, and the improvement B-3: what the class says now does not matter any more. */
  @Test
  void given_an_answer_in_doubt_then_the_same_request_is_repeated_to_the_byte() {
    driver.fails(new Fault.DoneUnheard(Code.DEADLINE_EXCEEDED));
    life.live(ofMillis(500));
    cluster.change(
        StorageClass.KIND,
        ObjectKey.cluster("fast"),
        object -> object.putObject("parameters").put("tier", "changed"));
    cluster.change(
        Claim.KIND,
        claim,
        object -> object.withObject("/metadata/annotations").put("any", "changed"));

    life.live(ofSeconds(10));

    assertThat(driver.creates()).hasSize(2);
    assertThat(driver.creates().get(1).toByteString())
        .isEqualTo(driver.creates().get(0).toByteString());
    assertThat(cluster.has(Volume.KIND, VOLUME_KEY)).isTrue();
  }

  /** 26.E9. */
  @Test
  void given_an_answer_in_doubt_when_the_class_is_deleted_then_the_volume_is_made_all_the_same() {
    driver.fails(new Fault.DoneUnheard(Code.DEADLINE_EXCEEDED));
    life.live(ofMillis(500));
    cluster.delete(StorageClass.KIND, ObjectKey.cluster("fast"));

    life.live(ofSeconds(10));

    assertThat(driver.creates()).hasSize(2);
    assertThat(stage.volume("data").at("/spec/persistentVolumeReclaimPolicy").asText())
        .isEqualTo("Delete");
  }

  /** 26.S8. */
  @Test
  void
      given_an_answer_in_doubt_when_the_claim_is_deleted_then_the_volume_gets_its_object_and_its_end() {
    driver.fails(
        new Fault.DoneUnheard(Code.DEADLINE_EXCEEDED), new Fault.Says(Code.ABORTED, "busy"));
    life.live(ofMillis(500));
    cluster.delete(Claim.KIND, claim);

    life.live(ofSeconds(30));
    assertThat(cluster.has(Volume.KIND, VOLUME_KEY)).isTrue();
    assertThat(life.reasons()).doesNotContain("ProvisioningSucceeded");
    stage.release("data");
    life.live(ofSeconds(30));

    assertThat(cluster.all(Volume.KIND)).isEmpty();
    assertThat(driver.volumeNames()).isEmpty();
  }

  /** 26.S10. */
  @Test
  void given_a_final_refusal_when_the_claim_is_deleted_then_nothing_is_repeated() {
    driver.fails(new Fault.Says(Code.INTERNAL, "no"));
    life.live(ofMillis(500));
    cluster.delete(Claim.KIND, claim);

    life.live(ofMinutes(10));

    assertThat(driver.calls()).containsExactly("CreateVolume");
  }

  /** 26.S10. */
  @Test
  void given_the_driver_was_never_reached_when_the_claim_is_deleted_then_it_is_never_asked() {
    driver.fails(new Fault.Away(), new Fault.Away());
    life.live(ofMillis(1500));
    cluster.delete(Claim.KIND, claim);

    life.live(ofMinutes(10));

    assertThat(driver.calls()).isEmpty();
  }

  @Test
  void given_the_driver_is_away_then_the_claim_is_served_when_it_is_back() {
    driver.fails(new Fault.Away(), new Fault.Away(), new Fault.Away());

    life.live(ofSeconds(10));

    assertThat(driver.calls()).containsExactly("CreateVolume");
    assertThat(cluster.has(Volume.KIND, VOLUME_KEY)).isTrue();
  }

  /** 26.E7, B-2. */
  @Test
  void given_an_object_of_the_volumes_name_that_is_anothers_then_it_is_not_taken_for_ours() {
    var foreign = SimulatedCluster.object("", VOLUME);
    foreign
        .withObject("/spec/claimRef")
        .put("namespace", "ns")
        .put("name", "x")
        .put("uid", "other");

    // The table has not seen it yet: only the API server knows.
    var stale = stage.life(putsBefore("create persistentvolumes", foreign));
    stale.live(ofSeconds(3));

    assertThat(cluster.get(Volume.KIND, VOLUME_KEY).at("/spec/claimRef/uid").asText())
        .isEqualTo("other");
    assertThat(driver.volumeNames()).containsExactly(VOLUME);
    assertThat(stale.reasons()).doesNotContain("ProvisioningSucceeded");
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
