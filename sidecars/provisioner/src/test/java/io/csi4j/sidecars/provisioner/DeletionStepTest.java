package io.csi4j.sidecars.provisioner;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.provisioner.DeletionStep.Delete;
import io.csi4j.sidecars.provisioner.DeletionStep.Guard;
import io.csi4j.sidecars.provisioner.DeletionStep.Settled;
import io.csi4j.sidecars.provisioner.DeletionStep.Unguard;
import io.csi4j.sidecars.provisioner.DeletionStep.Wait;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The conditions of provisioner.md 13. */
class DeletionStepTest {

  @ParameterizedTest
  @CsvSource({
    // phase, policy, deleting, guarded, step
    "Released, Delete, false, true, Delete",
    "Released, Delete, true, true, Delete",
    "Released, Delete, false, false, Delete",
    "Released, Delete, true, false, Settled",
    "Bound, Delete, false, true, Settled",
    "Bound, Delete, false, false, Guard",
    "Bound, Delete, true, false, Settled",
    "Available, Delete, false, true, Settled",
    "Failed, Delete, false, true, Settled",
    "Released, Retain, false, true, Unguard",
    "Released, Retain, false, false, Settled",
    "Bound, Retain, false, true, Unguard"
  })
  void given_a_volume_then_the_step_is(
      String phase, String policy, boolean deleting, boolean guarded, String step) {
    var volume = volume(phase, policy, deleting, guarded, Objects.DRIVER);

    assertThat(DeletionStep.decide(volume, List.of(), Objects.DRIVER))
        .isEqualTo(
            switch (step) {
              case "Delete" -> new Delete("vol-1");
              case "Guard" -> new Guard();
              case "Unguard" -> new Unguard();
              default -> new Settled();
            });
  }

  @Test
  void given_an_attachment_then_deletion_waits_and_names_the_node() {
    var attachment =
        new Attachment(meta("csi-1", false, false), "any", "node-a", "pv-1", false, false, "", "");

    assertThat(
            DeletionStep.decide(
                volume("Released", "Delete", false, true, Objects.DRIVER),
                List.of(attachment),
                Objects.DRIVER))
        .isEqualTo(new Wait("persistentvolume pv-1 is still attached to node node-a"));
  }

  @Test
  void given_another_drivers_volume_then_it_is_left_alone() {
    assertThat(
            DeletionStep.decide(
                volume("Released", "Delete", false, true, "other"), List.of(), Objects.DRIVER))
        .isEqualTo(new Settled());
  }

  private static Volume volume(
      String phase, String policy, boolean deleting, boolean guarded, String driver) {
    return new Volume(
        meta("pv-1", deleting, guarded),
        new Volume.Csi(driver, "vol-1", "", false, Map.of(), null),
        List.of("ReadWriteOnce"),
        "Filesystem",
        List.of(),
        "fast",
        policy,
        null,
        List.of(),
        phase);
  }

  private static Meta meta(String name, boolean deleting, boolean guarded) {
    return new Meta(
        ObjectKey.cluster(name),
        "uid",
        "1",
        deleting,
        guarded ? List.of(Names.VOLUME_FINALIZER) : List.of(),
        Map.of(),
        Map.of());
  }
}
