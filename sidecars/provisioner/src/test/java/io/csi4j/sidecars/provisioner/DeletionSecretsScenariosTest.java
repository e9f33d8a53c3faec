package io.csi4j.sidecars.provisioner;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.sidecars.kit.cluster.StorageClass;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scenarios D of provisioner 26: the secret that a volume is deleted with. */
class DeletionSecretsScenariosTest {
  private final DeletionStage at = new DeletionStage();

  /** D7. */
  @ParameterizedTest
  @CsvSource({
    "'', '', true, ''",
    "key, vault, true, hunter2",
    "gone, vault, true, ''",
    "key, vault, false, hunter2"
  })
  void given_annotations_then_they_and_not_the_class_name_the_secret(
      String name, String namespace, boolean hasClass, String password) {
    at.stage.parameters(
        Map.of(
            "csi.storage.k8s.io/provisioner-secret-name", "of-class",
            "csi.storage.k8s.io/provisioner-secret-namespace", "vault"));
    at.stage.secret("vault", "of-class", Map.of("password", "wrong"));
    at.stage.secret("vault", "key", Map.of("password", "hunter2"));
    if (!hasClass) {
      at.stage.cluster.delete(StorageClass.KIND, ObjectKey.cluster(Stage.CLASS));
    }
    at.volume(
        volume ->
            volume
                .withObject("/metadata/annotations")
                .put(Names.DELETION_SECRET_NAME, name)
                .put(Names.DELETION_SECRET_NAMESPACE, namespace));

    at.stage.life().live(ofSeconds(5));

    assertThat(at.driver.deletes.getFirst().getSecretsOrDefault("password", ""))
        .isEqualTo(password);
  }

  /** D8. */
  @ParameterizedTest
  @CsvSource({
    "${pvc.name}, true, true, hunter2",
    "${pvc.annotations['x']}, true, true, error",
    "${pvc.name}, false, true, ''",
    "${pvc.name}, true, false, ''"
  })
  void given_an_old_volume_then_the_class_names_the_secret(
      String template, boolean hasClaim, boolean hasClass, String password) {
    at.stage.secret("vault", "data", Map.of("password", "hunter2"));
    at.stage.parameters(
        Map.of(
            "csi.storage.k8s.io/provisioner-secret-name",
            template,
            "csi.storage.k8s.io/provisioner-secret-namespace",
            "vault"));
    if (!hasClass) {
      at.stage.cluster.delete(StorageClass.KIND, ObjectKey.cluster(Stage.CLASS));
    }
    at.volume(
        volume -> {
          if (!hasClaim) {
            volume.withObject("/spec").remove("claimRef");
          }
        });
    var life = at.stage.life();

    life.live(ofSeconds(5));

    if (password.equals("error")) {
      assertThat(at.driver.deletes).isEmpty();
      assertThat(life.reasons()).contains("VolumeFailedDelete");
    } else {
      assertThat(at.driver.deletes.getFirst().getSecretsOrDefault("password", ""))
          .isEqualTo(password);
    }
  }
}
