package io.csi4j.sidecars.provisioner;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.csi4j.e2e.simulator.Effects;
import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import io.csi4j.proto.csi.v1.VolumeCapability.AccessMode.Mode;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.Surroundings;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.options.BadFlags;
import io.csi4j.sidecars.kit.options.Flags;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenarios R of provisioner 26: what the driver is asked, and what object the volume gets. */
class RequestScenariosTest {
  private final Stage stage = new Stage();
  private TunedDriver driver = new TunedDriver(stage.driver.life(Effects.QUIET));

  private RequestScenariosTest() {
    stage.driverDoor(
        door -> {
          driver = new TunedDriver(door);
          return driver;
        });
  }

  /** R1. */
  @Test
  void given_prefix_and_length_then_the_name_is_cut() {
    stage.flags("--volume-name-prefix=test", "--volume-name-uuid-length=5");
    stage.claim("data", claim -> claim.withObject("/metadata").put("uid", "testid"));

    stage.life().live(ofSeconds(3));

    assertThat(driver.creates.getFirst().getName()).isEqualTo("test-testi");
    assertThat(
            stage
                .cluster
                .all(io.csi4j.sidecars.kit.cluster.Volume.KIND)
                .getFirst()
                .at("/metadata/name")
                .asText())
        .isEqualTo("test-testi");
  }

  /** R2. */
  @Test
  void given_a_claim_without_a_uid_then_the_driver_is_not_asked() {
    var step =
        ClaimStep.decide(
            new ClaimFacts(
                Objects.DRIVER,
                Objects.claimWithoutUid(),
                Objects.storageClass("Immediate", Map.of()),
                false,
                null));

    assertThat(step).isEqualTo(new ClaimStep.Refuse("corrupted PVC object, it is missing UID"));
  }

  /** R2. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "--volume-name-prefix=",
        "--volume-name-uuid-length=0",
        "--volume-name-uuid-length=40"
      })
  void given_names_that_cannot_be_then_it_does_not_start(String flag) {
    assertThatThrownBy(
            () -> ProvisionerOptions.from(Flags.parse(List.of(flag)), new Surroundings("", "", "")))
        .isInstanceOf(BadFlags.class)
        .hasMessageContaining(flag.substring(0, flag.indexOf('=')));
  }

  /** R3. */
  @Test
  void given_parameters_then_reserved_ones_are_gone_and_others_kept() {
    assertThat(
            VolumeRequest.withoutReserved(
                Map.of("a", "csi.storage.k8s.io/b", "csi.storage.k8s.io/fstype", "xfs")))
        .isEqualTo(Map.of("a", "csi.storage.k8s.io/b"));
  }

  /** R4. */
  @Test
  void given_all_reserved_keys_then_none_is_sent_and_old_ones_are() {
    var reserved = new TreeMap<String, String>();
    reserved.put("csi.storage.k8s.io/fstype", "x");
    for (var who :
        List.of(
            "",
            "provisioner-",
            "controller-publish-",
            "node-stage-",
            "node-publish-",
            "controller-expand-",
            "node-expand-",
            "controller-modify-")) {
      reserved.put("csi.storage.k8s.io/" + who + "secret-name", "x");
      reserved.put("csi.storage.k8s.io/" + who + "secret-namespace", "x");
    }

    assertThat(reserved).hasSize(17);
    assertThat(VolumeRequest.withoutReserved(reserved)).isEmpty();
    assertThat(VolumeRequest.withoutReserved(Map.of("csiProvisionerSecretName", "x"))).hasSize(1);
    assertThatThrownBy(() -> VolumeRequest.withoutReserved(Map.of("csi.storage.k8s.io/foo", "x")))
        .hasMessageContaining("csi.storage.k8s.io/foo");
  }

  /** R5. */
  @ParameterizedTest
  @CsvSource({
    "fstype=ext4;csi.storage.k8s.io/fstype=xfs, '', error",
    "FsType=xfs, '', xfs",
    "'', ext4, ext4",
    "'', '', ''"
  })
  void given_file_systems_then_one_counts(String parameters, String fallback, String fsType) {
    stage.parameters(pairs(parameters)).flags("--default-fstype=" + fallback);
    stage.claim("data");

    stage.life().live(ofSeconds(3));

    if (fsType.equals("error")) {
      assertThat(driver.creates).isEmpty();
      return;
    }
    var request = driver.creates.getFirst();
    assertThat(request.getVolumeCapabilities(0).getMount().getFsType()).isEqualTo(fsType);
    assertThat(stage.volume("data").at("/spec/csi/fsType").asText("")).isEqualTo(fsType);
    assertThat(request.getParametersMap()).isEqualTo(pairs(parameters));
  }

  /** R7. */
  @ParameterizedTest
  @CsvSource({
    "ReadWriteMany, MULTI_NODE_MULTI_WRITER, MULTI_NODE_MULTI_WRITER",
    "ReadOnlyMany, MULTI_NODE_READER_ONLY, MULTI_NODE_READER_ONLY",
    "ReadWriteOnce, SINGLE_NODE_WRITER, SINGLE_NODE_MULTI_WRITER",
    "ReadWriteOncePod, SINGLE_NODE_WRITER, SINGLE_NODE_SINGLE_WRITER"
  })
  void given_an_access_mode_then_the_driver_hears_it_in_its_dialect(
      String mode, Mode classic, Mode dialect) {
    modes("a", mode);
    stage.life().live(ofSeconds(3));
    assertThat(driver.creates.getFirst().getVolumeCapabilities(0).getAccessMode().getMode())
        .isEqualTo(classic);

    stage.can(RPC.Type.SINGLE_NODE_MULTI_WRITER);
    modes("b", mode);
    stage.life().live(ofSeconds(3));
    assertThat(driver.creates.getFirst().getVolumeCapabilities(0).getAccessMode().getMode())
        .isEqualTo(dialect);
  }

  /** R8. */
  @ParameterizedTest
  @CsvSource({
    "ReadWriteOnce ReadOnlyMany, true, 2, false",
    "ReadOnlyMany, false, 1, false",
    "ReadOnlyMany, true, 1, true"
  })
  void given_read_only_modes_then_the_volume_is_read_only_where_that_is_wanted(
      String modes, boolean flag, int capabilities, boolean readOnly) {
    stage.flags("--controller-publish-readonly=" + flag);
    modes("data", modes.split(" ", -1));

    stage.life().live(ofSeconds(3));

    assertThat(driver.creates.getFirst().getVolumeCapabilitiesCount()).isEqualTo(capabilities);
    assertThat(stage.volume("data").at("/spec/csi/readOnly").asBoolean()).isEqualTo(readOnly);
  }

  /** R9. */
  @ParameterizedTest
  @CsvSource({"Block, true", "Filesystem, false", "'', false"})
  void given_a_volume_mode_then_the_capability_is_of_it(String mode, boolean block) {
    stage.flags("--default-fstype=ext4");
    stage.claim(
        "data",
        claim -> {
          if (!mode.isEmpty()) {
            claim.withObject("/spec").put("volumeMode", mode);
          }
        });

    stage.life().live(ofSeconds(3));

    assertThat(driver.creates.getFirst().getVolumeCapabilities(0).hasBlock()).isEqualTo(block);
    assertThat(stage.volume("data").at("/spec/csi/fsType").asText(""))
        .isEqualTo(block ? "" : "ext4");
    assertThat(stage.volume("data").at("/spec/volumeMode").asText("")).isEqualTo(mode);
  }

  /** R10. */
  @Test
  void given_mount_options_then_driver_and_object_have_them() {
    stage.storageClass(object -> object.putArray("mountOptions").add("noatime").add("discard"));
    stage.claim("data");

    stage.life().live(ofSeconds(3));

    assertThat(driver.creates.getFirst().getVolumeCapabilities(0).getMount().getMountFlagsList())
        .containsExactly("noatime", "discard");
    assertThat(stage.volume("data").at("/spec/mountOptions").toString())
        .isEqualTo("[\"noatime\",\"discard\"]");
  }

  /** R10. */
  @Test
  void given_an_empty_selector_then_it_is_refused() {
    stage.claim("data", claim -> claim.withObject("/spec").putObject("selector"));
    var life = stage.life();

    life.live(ofSeconds(3));

    assertThat(driver.creates).isEmpty();
    assertThat(life.events().getLast().message()).endsWith("claim Selector is not supported");
  }

  /** R12, R15. */
  @Test
  void given_a_default_secret_then_it_is_fetched_and_referred_to_everywhere() {
    stage.parameters(
        Map.of(
            "csi.storage.k8s.io/secret-name", "${pvc.name}-key",
            "csi.storage.k8s.io/secret-namespace", "${pvc.namespace}",
            "csi.storage.k8s.io/node-stage-secret-name", "stage",
            "csi.storage.k8s.io/node-stage-secret-namespace", "vault"));
    stage.claim("data");
    var life = stage.life();
    life.live(ofSeconds(3));
    assertThat(driver.creates).isEmpty();
    assertThat(life.events().getLast().message()).contains("secrets \"data-key\" not found");

    stage.secret("ns", "data-key", Map.of("password", "hunter2"));
    life.live(ofSeconds(10));

    assertThat(driver.creates.getFirst().getSecretsMap()).isEqualTo(Map.of("password", "hunter2"));
    var csi = stage.volume("data").at("/spec/csi");
    for (var field :
        List.of(
            "controllerPublishSecretRef",
            "nodePublishSecretRef",
            "controllerExpandSecretRef",
            "nodeExpandSecretRef")) {
      assertThat(csi.at("/" + field + "/name").asText()).as(field).isEqualTo("data-key");
      assertThat(csi.at("/" + field + "/namespace").asText()).as(field).isEqualTo("ns");
    }
    assertThat(csi.at("/nodeStageSecretRef/name").asText()).isEqualTo("stage");
    assertThat(stage.cluster.all(io.csi4j.sidecars.kit.cluster.Volume.KIND).toString())
        .doesNotContain("hunter2");
  }

  /** R18, and the annotations by which the volume is deleted. */
  @Test
  void given_secrets_then_the_volume_says_where_those_are_that_others_need() {
    stage.secret("vault", "make", Map.of());
    stage.parameters(
        Map.of(
            "csi.storage.k8s.io/provisioner-secret-name", "make",
            "csi.storage.k8s.io/provisioner-secret-namespace", "vault",
            "csi.storage.k8s.io/controller-modify-secret-name", "change",
            "csi.storage.k8s.io/controller-modify-secret-namespace", "vault"));
    stage.claim("data");
    stage.life().live(ofSeconds(3));

    var annotations = stage.volume("data").at("/metadata/annotations");
    assertThat(annotations.path(Names.DELETION_SECRET_NAME).asText()).isEqualTo("make");
    assertThat(annotations.path(Names.DELETION_SECRET_NAMESPACE).asText()).isEqualTo("vault");
    assertThat(annotations.path(Names.MODIFY_SECRET_NAME).asText()).isEqualTo("change");
    assertThat(annotations.path(Names.MODIFY_SECRET_NAMESPACE).asText()).isEqualTo("vault");
  }

  /** R18. */
  @Test
  void given_no_secrets_then_the_volume_says_so_for_deletion_only() {
    stage.claim("data");
    stage.life().live(ofSeconds(3));

    var annotations = stage.volume("data").at("/metadata/annotations");
    assertThat(annotations.path(Names.DELETION_SECRET_NAME).asText("?")).isEmpty();
    assertThat(annotations.has(Names.MODIFY_SECRET_NAME)).isFalse();
  }

  private ObjectKey modes(String name, String... modes) {
    var key = stage.claim(name);
    stage.cluster.change(
        Claim.KIND,
        key,
        claim -> {
          var array = claim.withObject("/spec").putArray("accessModes");
          for (var mode : modes) {
            array.add(mode);
          }
        });
    return key;
  }

  private static Map<String, String> pairs(String text) {
    var map = new TreeMap<String, String>();
    for (var pair : text.isEmpty() ? new String[0] : text.split(";", -1)) {
      map.put(pair.split("=", -1)[0], pair.split("=", -1)[1]);
    }
    return map;
  }
}
