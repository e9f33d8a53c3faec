package io.csi4j.e2e.cluster;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.sidecars.kit.cluster.ApiCluster;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.KubeConfig;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.time.SystemTime;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A service account's token is replaced while the client works. The old one is revoked by deleting
 * the secret that it is bound to: expiry would take ten minutes, and the server answers both with
 * 401.
 */
@Tag("cluster")
@WithControlPlane(name = "tokens")
class TokenRotationTest {
  private static final String NAMESPACE = "default";
  private static final String ACCOUNT = "rotating";

  @TempDir Path folder;

  private final ControlPlane controlPlane;
  private KubernetesClient admin;
  private SystemTime time;

  TokenRotationTest(ControlPlane controlPlane) {
    this.controlPlane = controlPlane;
  }

  @BeforeEach
  void makesAnAccount() {
    time = new SystemTime();
    admin =
        new KubernetesClientBuilder()
            .withConfig(KubeConfig.load(controlPlane.kubeconfig().toString()))
            .build();
    admin
        .serviceAccounts()
        .inNamespace(NAMESPACE)
        .resource(
            new ServiceAccountBuilder().withNewMetadata().withName(ACCOUNT).endMetadata().build())
        .create();
    admin.rbac().clusterRoleBindings().resource(mayDoAll()).create();
  }

  @AfterEach
  void ends() {
    admin.close();
    time.close();
  }

  @Test
  void given_a_token_is_revoked_when_its_file_has_the_next_one_then_requests_and_watches_go_on()
      throws Exception {
    var token = Files.writeString(folder.resolve("token"), tokenBoundTo("first"));
    try (var cluster =
        new ApiCluster(KubeConfig.load(kubeconfig(token).toString()), "test", time)) {
      var claims = cluster.table(Claim.KIND);
      cluster.start();
      cluster.awaitSynced();
      cluster.create(Claim.KIND, claim("before"));

      revoke("first");
      // The server remembers for some seconds whom it knew.
      await()
          .atMost(ofSeconds(60))
          .pollInterval(ofMillis(500))
          .untilAsserted(
              () ->
                  assertThatThrownBy(() -> cluster.read(Claim.KIND, key("before")))
                      .isInstanceOf(ApiFailure.Forbidden.class)
                      .hasMessageContaining("Unauthorized"));
      replace(token, tokenBoundTo("second"));
      assertThat(cluster.read(Claim.KIND, key("before"))).isPresent();
      admin.persistentVolumeClaims().resource(fabric8(claim("after"))).create();

      await()
          .atMost(ofSeconds(30))
          .pollInterval(ofMillis(20))
          .untilAsserted(() -> assertThat(claims.get(key("after"))).isNotNull());
      assertThat(claims.get(key("before"))).isNotNull();
    }
  }

  private io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding mayDoAll() {
    return new ClusterRoleBindingBuilder()
        .withNewMetadata()
        .withName(ACCOUNT)
        .endMetadata()
        .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "cluster-admin")
        .addNewSubject()
        .withKind("ServiceAccount")
        .withName(ACCOUNT)
        .withNamespace(NAMESPACE)
        .endSubject()
        .build();
  }

  private String tokenBoundTo(String secret) {
    var made =
        admin
            .secrets()
            .inNamespace(NAMESPACE)
            .resource(new SecretBuilder().withNewMetadata().withName(secret).endMetadata().build())
            .create();
    return admin
        .serviceAccounts()
        .inNamespace(NAMESPACE)
        .withName(ACCOUNT)
        .tokenRequest(
            new TokenRequestBuilder()
                .withNewSpec()
                .withNewBoundObjectRef("v1", "Secret", secret, made.getMetadata().getUid())
                .endSpec()
                .build())
        .getStatus()
        .getToken();
  }

  private void revoke(String secret) {
    admin.secrets().inNamespace(NAMESPACE).withName(secret).delete();
  }

  private void replace(Path file, String content) throws IOException {
    var next = Files.writeString(folder.resolve("next"), content);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** The administrator's, with a service account's token in a file. */
  private Path kubeconfig(Path token) throws IOException {
    var config = admin.getConfiguration();
    return Files.writeString(
        folder.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "%s", insecure-skip-tls-verify: true}}]
        contexts: [{name: c, context: {cluster: c, user: u}}]
        users: [{name: u, user: {tokenFile: %s}}]
        current-context: c
        """
            .formatted(config.getMasterUrl(), token));
  }

  private static ObjectKey key(String name) {
    return new ObjectKey(NAMESPACE, name);
  }

  private static ObjectNode claim(String name) {
    var claim = JsonNodeFactory.instance.objectNode();
    claim.put("apiVersion", "v1").put("kind", "PersistentVolumeClaim");
    claim.putObject("metadata").put("namespace", NAMESPACE).put("name", name);
    var spec = claim.putObject("spec");
    spec.putArray("accessModes").add("ReadWriteOnce");
    spec.put("storageClassName", "none");
    spec.putObject("resources").putObject("requests").put("storage", "1Gi");
    return claim;
  }

  private static io.fabric8.kubernetes.api.model.PersistentVolumeClaim fabric8(ObjectNode claim) {
    return io.fabric8.kubernetes.client.utils.Serialization.unmarshal(
        claim.toString(), io.fabric8.kubernetes.api.model.PersistentVolumeClaim.class);
  }
}
