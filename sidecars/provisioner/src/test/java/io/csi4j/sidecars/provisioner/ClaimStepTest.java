package io.csi4j.sidecars.provisioner;

import static io.csi4j.sidecars.provisioner.Objects.DRIVER;
import static io.csi4j.sidecars.provisioner.Objects.claim;
import static io.csi4j.sidecars.provisioner.Objects.storageClass;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.StorageClass;
import io.csi4j.sidecars.provisioner.ClaimStep.Provision;
import io.csi4j.sidecars.provisioner.ClaimStep.Refuse;
import io.csi4j.sidecars.provisioner.ClaimStep.Settled;
import io.csi4j.sidecars.provisioner.ClaimStep.Wait;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The conditions of provisioner.md 6.1, in their order. */
class ClaimStepTest {
  private static final StorageClass IMMEDIATE = storageClass("Immediate", Map.of());
  private static final StorageClass LATE = storageClass("WaitForFirstConsumer", Map.of());

  @Test
  void given_a_claim_of_ours_then_its_volume_is_made() {
    assertThat(decide(claim(Map.of(Names.STORAGE_PROVISIONER, DRIVER)), IMMEDIATE))
        .isEqualTo(new Provision(IMMEDIATE));
  }

  @Test
  void given_the_old_annotation_alone_then_it_counts_and_with_the_new_one_it_does_not() {
    assertThat(decide(claim(Map.of(Names.STORAGE_PROVISIONER_BETA, DRIVER)), IMMEDIATE))
        .isEqualTo(new Provision(IMMEDIATE));
    assertThat(
            decide(
                claim(
                    Map.of(
                        Names.STORAGE_PROVISIONER_BETA,
                        DRIVER,
                        Names.STORAGE_PROVISIONER,
                        "other")),
                IMMEDIATE))
        .isEqualTo(new Settled());
  }

  /** S7: what is not ours is not attempted, so there is no event either. */
  @Test
  void given_a_claim_that_was_not_handed_to_us_or_is_bound_then_nothing_is_done() {
    assertThat(decide(claim(Map.of()), IMMEDIATE)).isEqualTo(new Settled());
    assertThat(decide(Objects.boundClaim(), IMMEDIATE)).isEqualTo(new Settled());
  }

  @Test
  void given_no_such_class_then_it_is_named() {
    assertThat(decide(claim(Map.of(Names.STORAGE_PROVISIONER, DRIVER)), null))
        .isEqualTo(new Refuse("storageclass.storage.k8s.io \"fast\" not found"));
  }

  @Test
  void given_late_binding_then_the_scheduler_is_waited_for() {
    assertThat(decide(claim(Map.of(Names.STORAGE_PROVISIONER, DRIVER)), LATE))
        .isInstanceOf(Wait.class);
    assertThat(
            decide(
                claim(Map.of(Names.STORAGE_PROVISIONER, DRIVER, Names.SELECTED_NODE, "node-a")),
                LATE))
        .isEqualTo(new Provision(LATE));
  }

  @Test
  void given_the_volume_is_there_then_binding_is_waited_for() {
    var facts =
        new ClaimFacts(
            DRIVER, claim(Map.of(Names.STORAGE_PROVISIONER, DRIVER)), IMMEDIATE, true, null);

    assertThat(ClaimStep.decide(facts)).isInstanceOf(Wait.class);
  }

  private static ClaimStep decide(Claim claim, @Nullable StorageClass storageClass) {
    return ClaimStep.decide(new ClaimFacts(DRIVER, claim, storageClass, false, null));
  }
}
