package io.csi4j.sidecars.provisioner;

import static io.csi4j.sidecars.provisioner.Objects.UID;
import static io.csi4j.sidecars.provisioner.Objects.claim;
import static io.csi4j.sidecars.provisioner.Objects.storageClass;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.csi4j.proto.csi.v1.Volume;
import io.csi4j.proto.csi.v1.VolumeCapability.AccessMode.Mode;
import io.csi4j.sidecars.kit.csi.AccessModes.Dialect;
import io.csi4j.sidecars.kit.doors.Intent;
import io.csi4j.sidecars.provisioner.ProvisionerOptions.Naming;
import io.csi4j.sidecars.provisioner.ShapingOptions.Labels;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** provisioner.md 7 and 10. */
class VolumeRequestTest {
  private static final SourceCheck.Limits LIMITS = new SourceCheck.Limits(true, false);
  private static final VolumeRequest REQUESTS =
      new VolumeRequest(
          new Naming("pvc", 0),
          new ShapingOptions("", true, false, LIMITS, Labels.NONE),
          Dialect.SINGLE_NODE_MULTI_WRITER);

  private static final VolumeRequest.Additions ANYWHERE =
      new VolumeRequest.Additions(
          new TopologyChoice.Anywhere(), VolumeRequest.Content.NONE, Map.of(), Map.of());

  @Test
  void given_a_claim_and_its_class_then_the_request_says_all_that_they_ask_for() {
    var storageClass =
        storageClass("Immediate", Map.of("tier", "gold", "csi.storage.k8s.io/fstype", "xfs"));

    var request = REQUESTS.build(claim(Map.of()), storageClass, ANYWHERE);

    assertThat(request.getName()).isEqualTo("pvc-" + UID);
    assertThat(request.getCapacityRange().getRequiredBytes()).isEqualTo(1L << 30);
    assertThat(request.getParametersMap())
        .isEqualTo(
            Map.of(
                "tier",
                "gold",
                "csi.storage.k8s.io/pvc/name",
                "data",
                "csi.storage.k8s.io/pvc/namespace",
                "ns",
                "csi.storage.k8s.io/pv/name",
                "pvc-" + UID));
    assertThat(request.hasAccessibilityRequirements()).isFalse();
    var capability = request.getVolumeCapabilities(0);
    assertThat(capability.getMount().getFsType()).isEqualTo("xfs");
    assertThat(capability.getMount().getMountFlagsList()).containsExactly("noatime");
    assertThat(capability.getAccessMode().getMode()).isEqualTo(Mode.SINGLE_NODE_MULTI_WRITER);
  }

  @Test
  void given_a_shorter_uuid_then_dashes_go_first() {
    var requests =
        new VolumeRequest(
            new Naming("vol", 10),
            new ShapingOptions("", false, false, LIMITS, Labels.NONE),
            Dialect.CLASSIC);

    assertThat(requests.nameOf(claim(Map.of()))).isEqualTo("vol-8384a4252b");
  }

  @Test
  void given_an_unknown_reserved_parameter_then_it_is_named() {
    var storageClass = storageClass("Immediate", Map.of("csi.storage.k8s.io/typo", "x"));

    assertThatThrownBy(() -> REQUESTS.build(claim(Map.of()), storageClass, ANYWHERE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"csi.storage.k8s.io/typo\"");
  }

  @Test
  void given_the_file_system_twice_then_it_is_refused() {
    var storageClass =
        storageClass("Immediate", Map.of("fsType", "ext4", "csi.storage.k8s.io/fstype", "xfs"));

    assertThatThrownBy(() -> REQUESTS.fsType(storageClass))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("more than once");
  }

  @Test
  void given_a_made_volume_then_its_object_is_bound_to_the_claim_and_guarded() throws Exception {
    var storageClass = storageClass("Immediate", Map.of("csi.storage.k8s.io/fstype", "xfs"));
    var request = REQUESTS.build(claim(Map.of()), storageClass, ANYWHERE);
    var objects = new VolumeObject(Objects.DRIVER, "me", false, true, List.of());
    var parts =
        new VolumeObject.Parts(claim(Map.of()), storageClass, request, VolumeObject.Secrets.NONE);
    var claimant = new Intent.Claimant(claim(Map.of()).key(), UID);
    var attempt =
        Attempt.of(Intent.of(request, claimant, List.of()), objects.draft(parts, ""), null);
    var made =
        Volume.newBuilder()
            .setVolumeId("vol-1")
            .setCapacityBytes(1L << 31)
            .putVolumeContext("k", "v")
            .addAccessibleTopology(Term.of(Map.of("zone", "1")).message())
            .addAccessibleTopology(Term.of(Map.of()).message())
            .build();

    var object = objects.complete(attempt, made);

    assertThat(object)
        .isEqualTo(
            new com.fasterxml.jackson.databind.ObjectMapper()
                .readTree(
                    """
            {"metadata": {
               "name": "pvc-8384a425-2b0b-4242-94a6-c93257b8b2c4",
               "annotations": {
                 "pv.kubernetes.io/provisioned-by": "disk.example.com",
                 "volume.kubernetes.io/provisioner-deletion-secret-name": "",
                 "volume.kubernetes.io/provisioner-deletion-secret-namespace": ""},
               "finalizers": ["external-provisioner.volume.kubernetes.io/finalizer"]},
             "spec": {
               "capacity": {"storage": "2Gi"},
               "accessModes": ["ReadWriteOnce"],
               "volumeMode": "Filesystem",
               "mountOptions": ["noatime"],
               "persistentVolumeReclaimPolicy": "Delete",
               "storageClassName": "fast",
               "claimRef": {
                 "apiVersion": "v1", "kind": "PersistentVolumeClaim", "namespace": "ns", "name": "data",
                 "uid": "8384a425-2b0b-4242-94a6-c93257b8b2c4", "resourceVersion": "7"},
               "nodeAffinity": {"required": {"nodeSelectorTerms": [
                 {"matchExpressions": [{"key": "zone", "operator": "In", "values": ["1"]}]}]}},
               "csi": {
                 "driver": "disk.example.com", "volumeHandle": "vol-1", "fsType": "xfs",
                 "volumeAttributes": {"storage.kubernetes.io/csiProvisionerIdentity": "me", "k": "v"}}}}
            """));
  }
}
