package io.csi4j.sidecars.provisioner;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.e2e.simulator.CrashAt;
import io.csi4j.e2e.simulator.Effects;
import io.csi4j.e2e.simulator.SimulatedDriver.Fault;
import io.csi4j.sidecars.kit.cluster.StorageClass;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.Journal;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.journal.ConfigMapJournal;
import io.csi4j.sidecars.kit.journal.MemoryJournal;
import io.csi4j.sidecars.kit.time.ManualTime;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every effect is a place to die, before it and after it (provisioner 26.E8, B-1). Whatever became
 * of the claim meanwhile, the next life ends with one volume for a claim and with none for no
 * claim.
 */
class ProvisionerCrashTest {
  private final Stage stage = new Stage();

  @ParameterizedTest(name = "moment {0}")
  @MethodSource("moments")
  void given_a_crash_at_any_moment_when_the_claim_stays_then_it_has_one_volume_and_then_none(
      int moment) {
    diesAt(moment);

    var second = stage.life();
    second.live(ofSeconds(10));
    assertThat(stage.driver.volumeNames().size()).isEqualTo(stage.cluster.all(Volume.KIND).size());
    stage.endClaim("data");
    second.live(ofSeconds(10));

    assertNothingIsLeft();
  }

  @ParameterizedTest(name = "moment {0}")
  @MethodSource("moments")
  void given_a_crash_at_any_moment_when_the_claim_is_deleted_then_no_volume_is_left(int moment) {
    diesAt(moment);
    stage.endClaim("data");
    stage.cluster.delete(StorageClass.KIND, ObjectKey.cluster(Stage.CLASS));

    var second = stage.life();
    second.live(ofSeconds(10));
    stage.endClaim("data");
    second.live(ofSeconds(10));

    assertNothingIsLeft();
  }

  /** The tests above can fail: this is what upstream does (its issue 486). */
  @Test
  void given_no_journal_when_it_dies_after_the_call_and_the_claim_is_deleted_then_a_volume_leaks() {
    stage.claim("data");
    var crash = new CrashAt(afterTheCall());
    assertThat(stage.life(crash, _ -> new MemoryJournal()).live(ofSeconds(5))).isFalse();
    stage.endClaim("data");

    stage.life(Effects.QUIET, _ -> new MemoryJournal()).live(ofSeconds(60));

    assertThat(stage.driver.volumeNames()).containsExactly("pvc-uid-of-data");
    assertThat(stage.cluster.all(Volume.KIND)).isEmpty();
  }

  @Test
  void given_a_crash_after_the_call_when_everything_changed_then_the_request_is_the_same_bytes() {
    stage.parameters(java.util.Map.of("tier", "gold", "zone", "a"));
    var key = stage.claim("data");
    stage.driver.fails(new Fault.DoneUnheard(Code.DEADLINE_EXCEEDED));
    stage.life().live(ofSeconds(0).plusMillis(500));
    stage.parameters(java.util.Map.of("tier", "lead"));
    stage.cluster.change(
        io.csi4j.sidecars.kit.cluster.Claim.KIND,
        key,
        claim -> claim.withObject("/spec/resources/requests").put("storage", "9Gi"));

    stage.life().live(ofSeconds(10));

    assertThat(stage.driver.creates()).hasSize(2);
    assertThat(stage.driver.creates().get(1).toByteString())
        .isEqualTo(stage.driver.creates().get(0).toByteString());
    assertThat(stage.volume("data").at("/spec/capacity/storage").asText()).isEqualTo("1Gi");
  }

  private static int afterTheCall() {
    return history(_ -> new MemoryJournal()).history().indexOf("after CreateVolume");
  }

  private void diesAt(int moment) {
    stage.claim("data");
    var crash = new CrashAt(moment);
    var first = stage.life(crash);
    var lived = first.live(ofSeconds(5));
    if (lived) {
      stage.endClaim("data");
      lived = first.live(ofSeconds(5));
    }
    assertThat(lived).as("crashed at %s", crash.history()).isFalse();
  }

  private void assertNothingIsLeft() {
    assertThat(stage.driver.volumeNames()).isEmpty();
    assertThat(stage.cluster.all(Volume.KIND)).isEmpty();
    assertThat(journal().pending()).isEmpty();
  }

  private Journal journal() {
    return new ConfigMapJournal(
        stage.cluster.life(Effects.QUIET), new ManualTime(), ProvisionerLife.LEASE);
  }

  /** As many as a life without a crash has; the test fails where there are more or fewer. */
  static IntStream moments() {
    return IntStream.range(0, history(ProvisionerLife.JournalDoor.REAL).history().size());
  }

  private static CrashAt history(ProvisionerLife.JournalDoor journal) {
    var stage = new Stage();
    stage.claim("data");
    var never = CrashAt.never();
    var life = stage.life(never, journal);
    life.live(ofSeconds(5));
    stage.endClaim("data");
    life.live(ofSeconds(5));
    return never;
  }
}
