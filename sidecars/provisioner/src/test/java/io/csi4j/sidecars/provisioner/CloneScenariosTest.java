package io.csi4j.sidecars.provisioner;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenarios C of provisioner 26: volumes that are cloned from others. */
class CloneScenariosTest {
  private final SourceStage at = new SourceStage();

  /** C9. */
  @ParameterizedTest
  @CsvSource({"fast, 1Gi", "other, 1Gi", "fast, 2Gi"})
  void given_a_bound_claim_then_it_is_cloned_and_kept_from_deletion(String className, String size) {
    at.stage.storageClass("other", _ -> {});
    at.source(_ -> {}, _ -> {});
    at.clone(
        "data",
        object -> {
          object.withObject("/spec").put("storageClassName", className);
          object.withObject("/spec/resources/requests").put("storage", size);
        });

    at.stage.life().live(ofSeconds(5));

    assertThat(at.driver.creates.getFirst().getVolumeContentSource().getVolume().getVolumeId())
        .isEqualTo("vol-source");
    assertThat(
            at.stage
                .cluster
                .get(Claim.KIND, SourceStage.CLAIM)
                .at("/metadata/finalizers")
                .toString())
        .contains(Names.CLONE_FINALIZER);
    assertThat(at.stage.hasVolume("data")).isTrue();
  }

  /** C10. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "claim missing",
        "claim Pending",
        "claim Lost",
        "claim deleting",
        "claim classless",
        "clone classless",
        "clone smaller",
        "volume missing",
        "volume foreign",
        "volume without claim",
        "claimRef uid",
        "claimRef namespace",
        "claimRef name",
        "volume Released",
        "volume Failed",
        "volume Pending",
        "volume Available"
      })
  void given_a_source_that_cannot_be_cloned_then_it_is_said_and_nothing_is_touched(String how) {
    at.source(claim -> unfit(claim, how), volume -> unfitVolume(volume, how));
    if (how.equals("claim missing")) {
      at.stage.cluster.delete(Claim.KIND, SourceStage.CLAIM);
    }
    if (how.equals("volume missing")) {
      at.stage.cluster.delete(Volume.KIND, ObjectKey.cluster("pv-source"));
    }
    at.clone(
        "data",
        object -> {
          if (how.equals("clone classless")) {
            object.withObject("/spec").remove("storageClassName");
            object.withObject("/metadata/annotations").put(Names.CLASS_BETA, Stage.CLASS);
          }
          if (how.equals("clone smaller")) {
            object.withObject("/spec/resources/requests").put("storage", "1Mi");
          }
        });

    at.plays(
        false, "error getting handle for DataSource Type PersistentVolumeClaim by Name source");

    if (at.stage.cluster.has(Claim.KIND, SourceStage.CLAIM)) {
      assertThat(
              at.stage
                  .cluster
                  .get(Claim.KIND, SourceStage.CLAIM)
                  .at("/metadata/finalizers")
                  .toString())
          .doesNotContain(Names.CLONE_FINALIZER);
    }
  }

  private static void unfit(ObjectNode claim, String how) {
    switch (how) {
      case "claim Pending" -> claim.withObject("/status").put("phase", "Pending");
      case "claim Lost" -> claim.withObject("/status").put("phase", "Lost");
      case "claim deleting" -> {
        claim.withObject("/metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
        claim.withObject("/metadata").putArray("finalizers").add("x/y");
      }
      case "claim classless" -> claim.withObject("/spec").remove("storageClassName");
      default -> {}
    }
  }

  private static void unfitVolume(ObjectNode volume, String how) {
    switch (how) {
      case "volume foreign" -> volume.withObject("/spec/csi").put("driver", "other");
      case "volume without claim" -> volume.withObject("/spec").remove("claimRef");
      case "claimRef uid", "claimRef namespace", "claimRef name" ->
          volume.withObject("/spec/claimRef").put(how.substring("claimRef ".length()), "other");
      case "volume Released", "volume Failed", "volume Pending", "volume Available" ->
          volume.withObject("/status").put("phase", how.substring("volume ".length()));
      default -> {}
    }
  }

  /** C11. */
  @ParameterizedTest
  @CsvSource({
    "'', '', true",
    "Filesystem, '', true",
    "'', Filesystem, true",
    "Block, Block, true",
    "Filesystem, Block, false",
    "Block, Filesystem, false",
    "Block, '', false"
  })
  void given_modes_of_clone_and_source_then_they_must_agree(
      String claimMode, String volumeMode, boolean works) {
    at.source(
        _ -> {},
        volume -> {
          if (!volumeMode.isEmpty()) {
            volume.withObject("/spec").put("volumeMode", volumeMode);
          }
        });
    at.clone(
        "data",
        claim -> {
          if (!claimMode.isEmpty()) {
            claim.withObject("/spec").put("volumeMode", claimMode);
          }
        });

    at.plays(works, "different volume modes");
  }
}
