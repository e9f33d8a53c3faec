package io.csi4j.e2e.sandbox.contract;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pods, as far as storage needs them; kubelet-and-cluster 3.1 and 3.2. */
public abstract class PodContract {
  @RegisterExtension private final Place place;
  private final Caller caller;

  public PodContract(ServerUnderTest server) {
    place = new Place(server);
    caller = place.caller;
  }

  @BeforeEach
  void awaitsTheDefaultAccount() throws Exception {
    Place.eventually(
        "the default account",
        () -> caller.get(place.core("serviceaccounts/default")).code() == 200);
  }

  @Test
  void given_a_pod_then_its_defaults() throws Exception {
    var made =
        place.created(
            place.core("pods"),
            """
            {"metadata":{"name":"p"},"spec":{"automountServiceAccountToken":false,"schedulerName":"nobody",
             "containers":[{"name":"c","image":"registry.csi4j.io/x:1","volumeMounts":[{"name":"v","mountPath":"/v"}]}],
             "volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"c"}}]}}""");

    assertThat(made.text("/status/phase")).isEqualTo("Pending");
    assertThat(made.text("/spec/restartPolicy")).isEqualTo("Always");
    assertThat(made.text("/spec/terminationGracePeriodSeconds")).isEqualTo("30");
    assertThat(made.text("/spec/serviceAccountName")).isEqualTo("default");
    assertThat(made.text("/spec/containers/0/imagePullPolicy")).isEqualTo("IfNotPresent");
    assertThat(made.text("/spec/dnsPolicy")).isEqualTo("ClusterFirst");
    assertThat(made.body().at("/spec/tolerations")).hasSize(2);
  }

  @Test
  void given_a_pod_with_a_mount_of_no_volume_then_invalid() throws Exception {
    var refused =
        caller.post(
            place.core("pods"),
            """
            {"metadata":{"name":"p"},"spec":{"automountServiceAccountToken":false,
             "containers":[{"name":"c","image":"x","volumeMounts":[{"name":"v","mountPath":"/v"}]}]}}""");

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message())
        .contains("spec.containers[0].volumeMounts[0].name: Not found: \"v\"");
  }

  /** Scenario 9: the claim outlives its deletion while a scheduled pod uses it. */
  @Test
  void given_a_pod_on_a_node_then_its_claim_stays_until_the_pod_is_gone() throws Exception {
    place.created(place.core("persistentvolumeclaims"), Place.claim("c"));
    place.created(
        place.core("pods"),
        """
        {"metadata":{"name":"p"},"spec":{"automountServiceAccountToken":false,"schedulerName":"nobody",
         "containers":[{"name":"c","image":"x"}],
         "volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"c"}}]}}""");
    var bound =
        caller.post(
            place.core("pods/p/binding"),
            "{\"metadata\":{\"name\":\"p\"},\"target\":{\"kind\":\"Node\",\"name\":\"no-such-node\"}}");
    assertThat(bound.code()).isEqualTo(201);
    assertThat(caller.get(place.core("pods/p")).text("/spec/nodeName")).isEqualTo("no-such-node");

    caller.delete(place.core("persistentvolumeclaims/c"));
    var ending = caller.delete(place.core("pods/p"));

    assertThat(ending.text("/metadata/deletionGracePeriodSeconds")).isEqualTo("30");
    await("the claim stays")
        .during(ofMillis(500))
        .until(() -> caller.get(place.core("persistentvolumeclaims/c")).code() == 200);
    caller.delete(place.core("pods/p"), "{\"gracePeriodSeconds\":0}");
    Place.eventually("the pod goes", () -> caller.get(place.core("pods/p")).code() == 404);
    Place.eventually(
        "the claim goes", () -> caller.get(place.core("persistentvolumeclaims/c")).code() == 404);
  }
}
