package io.csi4j.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.NodeSelectorTermBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Kubernetes has but does not do by itself, a cluster does when {@code up} is told so. */
@Tag("cluster")
@WithControlPlane(
    name = "features",
    flags = {FeatureFlagsTest.GATE, FeatureFlagsTest.GROUP})
class FeatureFlagsTest {
  static final String GATE = "--feature-gates=MutablePVNodeAffinity=true";
  static final String GROUP = "--runtime-config=storage.k8s.io/v1beta1=true";

  @Test
  void given_the_gate_when_a_volume_moves_then_its_node_affinity_can_be_changed(
      ControlPlane controlPlane) {
    try (var client = client(controlPlane)) {
      client.resource(volumeFor("here")).create();

      // The controller manager writes its phase at the same time.
      var changed =
          await()
              .ignoreExceptionsMatching(FeatureFlagsTest::isConflict)
              .until(() -> client.resource(volumeFor("there")).update(), Objects::nonNull);

      assertThat(changed.getSpec().getNodeAffinity())
          .isEqualTo(volumeFor("there").getSpec().getNodeAffinity());
    }
  }

  private static boolean isConflict(Throwable failure) {
    return failure instanceof KubernetesClientException refused
        && refused.getCode() == HttpURLConnection.HTTP_CONFLICT;
  }

  @Test
  void given_the_group_then_it_is_served(ControlPlane controlPlane) {
    try (var client = client(controlPlane)) {
      assertThat(client.supports("storage.k8s.io/v1beta1", "VolumeAttributesClass")).isTrue();
    }
  }

  @Test
  void given_a_gate_that_nobody_knows_then_up_says_which() {
    assertThatThrownBy(() -> ControlPlane.start("features", GATE + ",NoSuchGate=true"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("--feature-gates: \"NoSuchGate=true\" is not allowed");
  }

  @Test
  void given_a_group_that_nobody_knows_then_up_says_which() {
    assertThatThrownBy(() -> ControlPlane.start("features", GATE, GROUP + ",nix.k8s.io/v1=true"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("--runtime-config: \"nix.k8s.io/v1\" is not allowed");
  }

  /** Who asks for what there is not, has not asked for a cluster yet. */
  @ParameterizedTest
  @ValueSource(strings = {"--feature-gates=NoSuchGate=true", "--runtime-config=nix.k8s.io/v1=true"})
  void given_a_flag_that_is_refused_then_nothing_of_the_cluster_is_there(String flag) {
    assertThatThrownBy(() -> ControlPlane.start("refused", flag))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not allowed");

    assertThat(ClusterUnderTest.stateFolder("refused")).doesNotExist();
  }

  private static KubernetesClient client(ControlPlane controlPlane) {
    return new KubernetesClientBuilder()
        .withConfig(Config.fromKubeconfig(controlPlane.kubeconfig().toFile()))
        .build();
  }

  private static PersistentVolume volumeFor(String node) {
    return new PersistentVolumeBuilder()
        .withNewMetadata()
        .withName("moving")
        .endMetadata()
        .withNewSpec()
        .withAccessModes("ReadWriteOnce")
        .addToCapacity("storage", new Quantity("1Gi"))
        .withNewLocal()
        .withPath("/somewhere")
        .endLocal()
        .withNewNodeAffinity()
        .withNewRequired()
        .withNodeSelectorTerms(
            new NodeSelectorTermBuilder()
                .addNewMatchExpression()
                .withKey("kubernetes.io/hostname")
                .withOperator("In")
                .withValues(node)
                .endMatchExpression()
                .build())
        .endRequired()
        .endNodeAffinity()
        .endSpec()
        .build();
  }
}
