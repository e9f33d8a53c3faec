package io.csi4j.sidecars.kit.cluster;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.Sandbox;
import io.csi4j.e2e.sandbox.faults.Fault;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Patch;
import io.csi4j.sidecars.kit.doors.Table;
import io.csi4j.sidecars.kit.time.SystemTime;
import io.fabric8.kubernetes.client.Config;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The door to the cluster over HTTP, against the sandbox and what can go wrong in it. */
class ApiClusterTest {
  private Sandbox sandbox;
  private SystemTime time;
  private ApiCluster cluster;
  private Table<Claim> claims;

  @BeforeEach
  void connects() throws Exception {
    sandbox = Sandbox.start();
    time = new SystemTime();
    cluster = new ApiCluster(Config.fromKubeconfig(sandbox.kubeconfig()), "test", time);
    claims = cluster.table(Claim.KIND);
    cluster.start();
    cluster.awaitSynced();
  }

  @AfterEach
  void disconnects() {
    cluster.close();
    time.close();
    sandbox.close();
  }

  @Test
  void given_a_claim_when_it_is_written_then_the_table_follows() {
    var made = cluster.create(Claim.KIND, claim("a"));
    shows("a", true);

    cluster.patch(Claim.KIND, key("a"), Patch.merge(withoutFinalizers()));
    cluster.delete(Claim.KIND, key("a"), made.meta().uid());

    shows("a", false);
  }

  /** Who looks at the table right after must not see what was before. */
  @Test
  void given_a_write_that_yields_then_the_table_shows_it_at_once() {
    cluster.create(Claim.KIND, claim("a"));
    shows("a", true);
    var before = claims.get(key("a"));
    var labels = JsonNodeFactory.instance.objectNode();
    labels.putObject("metadata").putObject("labels").put("seen", "yes");

    var written = cluster.yielding().patch(Claim.KIND, key("a"), Patch.merge(labels));

    assertThat(claims.get(key("a"))).isEqualTo(written).isNotEqualTo(before);
  }

  @Test
  void given_a_kind_that_the_server_has_not_then_that_is_told_from_one_it_has() {
    var other =
        new Kind<>("example.com", "v1", "things", "Thing", Claim.KIND.scope(), Claim.KIND.reader());
    var older = new Kind<>("", "v1", "things", "Thing", Claim.KIND.scope(), Claim.KIND.reader());

    assertThat(cluster.serves(Claim.KIND)).isTrue();
    assertThat(cluster.serves(older)).isFalse();
    assertThat(cluster.serves(other)).isFalse();
  }

  @Test
  void given_failures_of_each_kind_then_each_has_its_type() {
    cluster.create(Claim.KIND, claim("a"));

    assertThatThrownBy(() -> cluster.create(Claim.KIND, claim("a")))
        .isInstanceOf(ApiFailure.AlreadyExists.class)
        .hasMessageContaining("already exists");
    assertThatThrownBy(() -> cluster.delete(Claim.KIND, key("a"), "another-uid"))
        .isInstanceOf(ApiFailure.Conflict.class);
    assertThatThrownBy(
            () -> cluster.patch(Claim.KIND, key("none"), Patch.merge(withoutFinalizers())))
        .isInstanceOf(ApiFailure.NotFound.class);
    var modeless = claim("b");
    ((ObjectNode) modeless.path("spec")).remove("accessModes");
    assertThatThrownBy(() -> cluster.create(Claim.KIND, modeless))
        .isInstanceOf(ApiFailure.Invalid.class);
  }

  @Test
  void given_watches_are_cut_off_and_forgotten_then_the_table_catches_up() {
    cluster.create(Claim.KIND, claim("a"));
    shows("a", true);

    sandbox.dropWatches();
    sandbox.compact();
    cluster.create(Claim.KIND, claim("b"));

    shows("b", true);
  }

  @Test
  void given_the_server_is_throttling_then_the_pause_that_it_asks_for_is_known() {
    sandbox.faults().onWrite(1, call -> call.verb().equals("create"), Fault.Refuse.throttled());

    assertThatThrownBy(() -> cluster.create(Claim.KIND, claim("a")))
        .isInstanceOf(ApiFailure.Throttled.class);
    cluster.create(Claim.KIND, claim("a"));

    shows("a", true);
  }

  /** The write may have had its effect: the caller hears that nobody knows. */
  @Test
  void given_the_connection_is_cut_after_a_write_then_it_is_unreachable_and_there() {
    sandbox.faults().onWrite(1, call -> call.verb().equals("create"), new Fault.CutAfter());

    assertThatThrownBy(() -> cluster.create(Claim.KIND, claim("a")))
        .isInstanceOf(ApiFailure.Unreachable.class);

    shows("a", true);
  }

  @Test
  void given_an_account_without_rights_then_forbidden_and_the_right_is_named() {
    var config = Config.fromKubeconfig(sandbox.kubeconfig(sandbox.token("default", "default")));
    try (var other = new ApiCluster(config, "test", time)) {
      assertThatThrownBy(() -> other.read(Claim.KIND, key("a")))
          .isInstanceOf(ApiFailure.Forbidden.class)
          .hasMessageContaining("cannot get resource \"persistentvolumeclaims\"");
    }
  }

  private void shows(String name, boolean there) {
    await()
        .atMost(ofSeconds(20))
        .pollInterval(ofMillis(10))
        .untilAsserted(() -> assertThat(claims.get(key(name)) != null).isEqualTo(there));
  }

  private static ObjectKey key(String name) {
    return new ObjectKey("default", name);
  }

  private static ObjectNode claim(String name) {
    var claim = JsonNodeFactory.instance.objectNode();
    claim.putObject("metadata").put("namespace", "default").put("name", name);
    var spec = claim.putObject("spec");
    spec.putArray("accessModes").add("ReadWriteOnce");
    spec.putObject("resources").putObject("requests").put("storage", "1Gi");
    return claim;
  }

  private static ObjectNode withoutFinalizers() {
    var body = JsonNodeFactory.instance.objectNode();
    body.putObject("metadata").putNull("finalizers");
    return body;
  }
}
