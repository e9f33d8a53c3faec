package io.csi4j.sidecars.kit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Resource;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KindsTest {

  @Test
  void given_a_claim_in_full_then_what_controllers_read_is_kept() throws IOException {
    var claim =
        read(
            Claim.KIND,
            """
            {"kind":"PersistentVolumeClaim","metadata":{"name":"c","namespace":"ns","uid":"u","resourceVersion":"7",
              "deletionTimestamp":"2026-01-01T00:00:00Z","finalizers":["kubernetes.io/pvc-protection"],
              "annotations":{"a":"b","kubectl.kubernetes.io/last-applied-configuration":"{}"},
              "managedFields":[{"manager":"m","fieldsV1":{"f:spec":{"f:x":{}}}}]},
             "spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"cpu":"1","storage":"1Gi"}},
              "storageClassName":"fast","volumeMode":"Block","volumeName":"pvc-u",
              "selector":{"matchLabels":{"x":"y"}},"volumeAttributesClassName":"gold",
              "dataSource":{"apiGroup":"g","kind":"VolumeSnapshot","name":"s"},
              "dataSourceRef":{"apiGroup":"g","kind":"VolumeSnapshot","name":"s","namespace":"other"}},
             "status":{"phase":"Bound","capacity":{"storage":"1Gi"}}}
            """);

    assertThat(claim.key()).isEqualTo(new ObjectKey("ns", "c"));
    assertThat(claim.meta().deleting()).isTrue();
    assertThat(claim.meta().annotations()).isEqualTo(Map.of("a", "b"));
    assertThat(claim.className()).isEqualTo("fast");
    assertThat(claim.requestedStorage()).isEqualTo("1Gi");
    assertThat(claim.accessModes()).containsExactly("ReadWriteOnce");
    assertThat(claim.volumeMode()).isEqualTo("Block");
    assertThat(claim.volumeName()).isEqualTo("pvc-u");
    assertThat(claim.hasSelector()).isTrue();
    assertThat(claim.source()).isEqualTo(new DataSource("g", "VolumeSnapshot", "", "s"));
    assertThat(claim.sourceRef()).isEqualTo(new DataSource("g", "VolumeSnapshot", "other", "s"));
    assertThat(claim.attributesClass()).isEqualTo("gold");
    assertThat(claim.phase()).isEqualTo("Bound");
  }

  @Test
  void given_a_claim_with_nothing_but_a_name_then_all_else_is_empty() throws IOException {
    var claim = read(Claim.KIND, "{\"metadata\":{\"name\":\"c\"},\"spec\":{\"dataSource\":null}}");

    assertThat(claim.className()).isNull();
    assertThat(claim.source()).isNull();
    assertThat(claim.requestedStorage()).isEmpty();
  }

  @Test
  void given_a_volume_then_its_csi_source_and_claim_are_kept() throws IOException {
    var volume =
        read(
            Volume.KIND,
            """
            {"metadata":{"name":"pv"},"spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],
              "claimRef":{"namespace":"ns","name":"c","uid":"u"},"mountOptions":["noatime"],
              "persistentVolumeReclaimPolicy":"Delete","storageClassName":"fast",
              "csi":{"driver":"d","volumeHandle":"h","fsType":"ext4","readOnly":true,"volumeAttributes":{"k":"v"},
                "controllerPublishSecretRef":{"namespace":"ns","name":"s"}}},
             "status":{"phase":"Released"}}
            """);

    assertThat(volume.csi())
        .isEqualTo(
            new Volume.Csi("d", "h", "ext4", true, Map.of("k", "v"), new ObjectKey("ns", "s")));
    assertThat(volume.claim()).isEqualTo(new Volume.ClaimRef(new ObjectKey("ns", "c"), "u"));
    assertThat(volume.mountOptions()).containsExactly("noatime");
    assertThat(volume.reclaimPolicy()).isEqualTo("Delete");
    assertThat(volume.phase()).isEqualTo("Released");
  }

  @Test
  void given_a_volume_with_an_affinity_then_it_tells_the_nodes_that_can_use_it()
      throws IOException {
    var volume =
        read(
            Volume.KIND,
            """
            {"metadata":{"name":"pv"},"spec":{"nodeAffinity":{"required":{"nodeSelectorTerms":[
              {"matchExpressions":[{"key":"zone","operator":"In","values":["1","2"]},
                                   {"key":"gone","operator":"DoesNotExist"}]},
              {"matchExpressions":[{"key":"size","operator":"Gt","values":["5"]},
                                   {"key":"zone","operator":"NotIn","values":["3"]},
                                   {"key":"disk","operator":"Exists"}]},
              {}]}}}}
            """);

    assertThat(usable(volume, Map.of("zone", "2"))).isTrue();
    assertThat(usable(volume, Map.of("zone", "2", "gone", ""))).isFalse();
    assertThat(usable(volume, Map.of("zone", "4", "size", "6", "disk", ""))).isTrue();
    assertThat(usable(volume, Map.of("zone", "4", "size", "5", "disk", ""))).isFalse();
    assertThat(usable(volume, Map.of("zone", "3", "size", "6", "disk", ""))).isFalse();
    assertThat(usable(volume, Map.of("zone", "4", "size", "6"))).isFalse();
    assertThat(usable(volume, Map.of())).isFalse();
  }

  private static boolean usable(Volume volume, Map<String, String> labels) {
    return volume.affinity().stream().anyMatch(term -> term.holds(labels));
  }

  @Test
  void given_an_attachment_with_errors_then_their_messages_are_kept() throws IOException {
    var attachment =
        read(
            Attachment.KIND,
            """
            {"metadata":{"name":"csi-1"},"spec":{"attacher":"d","nodeName":"n","source":{"persistentVolumeName":"pv"}},
             "status":{"attached":true,"attachError":{"message":"a","time":"t"},"detachError":{"message":"b"}}}
            """);

    assertThat(attachment)
        .isEqualTo(new Attachment(attachment.meta(), "d", "n", "pv", false, true, "a", "b"));
  }

  @Test
  void given_a_class_then_its_topologies_are_kept_in_order() throws IOException {
    var storageClass =
        read(
            StorageClass.KIND,
            """
            {"metadata":{"name":"fast"},"provisioner":"d","parameters":{"p":"1"},"volumeBindingMode":"WaitForFirstConsumer",
             "allowedTopologies":[{"matchLabelExpressions":[{"key":"zone","values":["a","b"]},{"key":"rack","values":["1"]}]}]}
            """);

    assertThat(storageClass.reclaimPolicy()).isEqualTo("Delete");
    assertThat(storageClass.bindingMode()).isEqualTo("WaitForFirstConsumer");
    assertThat(storageClass.allowedTopologies())
        .containsExactly(
            new StorageClass.TopologyTerm(Map.of("zone", List.of("a", "b"), "rack", List.of("1"))));
  }

  @Test
  void given_a_node_with_drivers_then_each_is_found_by_name() throws IOException {
    var node =
        read(
            CsiNode.KIND,
            """
            {"metadata":{"name":"n"},"spec":{"drivers":[{"name":"d","nodeID":"n.iqn","topologyKeys":["zone"],
              "allocatable":{"count":5}}]}}
            """);

    assertThat(node.driver("d")).isEqualTo(new CsiNode.Entry("d", "n.iqn", List.of("zone")));
    assertThat(node.driver("other")).isNull();
  }

  @Test
  void given_a_secret_then_it_is_decoded_and_never_printed() throws IOException {
    var secret =
        read(
            Secret.KIND,
            "{\"metadata\":{\"name\":\"s\"},\"data\":{\"password\":\"aHVudGVyMg==\"}}");

    assertThat(secret.data()).isEqualTo(Map.of("password", "hunter2"));
    assertThat(secret.toString()).doesNotContain("hunter2").doesNotContain("aHVudGVyMg");
  }

  private static <T extends Resource> T read(Kind<T> kind, String text) throws IOException {
    try (var json = new JsonFactory().createParser(text)) {
      json.nextToken();
      return kind.reader().read(json);
    }
  }
}
