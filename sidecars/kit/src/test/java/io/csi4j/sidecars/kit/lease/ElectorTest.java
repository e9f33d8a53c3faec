package io.csi4j.sidecars.kit.lease;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.csi4j.sidecars.kit.component.Component.Fatal;
import org.junit.jupiter.api.Test;

/** Scenarios of leader election: from the first lease to its end. */
class ElectorTest extends ElectorStage {
  /** B18 42. */
  @Test
  void given_no_lease_then_it_is_created_with_no_transitions() {
    a.enters();

    assertThat(a.leads()).isTrue();
    assertThat(holder()).isEqualTo("a");
    assertThat(spec().path("leaseTransitions").asInt(-1)).isZero();
    assertThat(spec().path("leaseDurationSeconds").asInt()).isEqualTo(15);
    assertThat(spec().path("renewTime").asText()).isEqualTo("1970-01-01T00:00:00.000000Z");
  }

  /** B18 43. */
  @Test
  void given_a_lease_that_is_renewed_then_nobody_else_ever_leads() {
    a.enters();
    b.enters();

    time.pass(ofHours(1));

    assertThat(a.terms).hasSize(1);
    assertThat(b.terms).isEmpty();
    assertThat(a.leads()).isTrue();
  }

  /** B18 52. */
  @Test
  void given_an_orderly_end_then_the_lease_is_given_back_after_the_work_has_ended() {
    a.enters();
    time.pass(ofSeconds(7));
    a.lingers = ofSeconds(8);

    a.closes();
    time.pass(ofSeconds(7));
    assertThat(holder()).isEqualTo("a");
    assertThat(a.terms.getFirst().holds()).isTrue();
    time.pass(ofSeconds(2));

    assertThat(holder()).isEmpty();
    assertThat(spec().path("leaseDurationSeconds").asInt()).isEqualTo(1);
    assertThat(a.terms.getFirst().holds()).isFalse();
    assertThat(a.returned).isTrue();
  }

  @Test
  void given_a_candidate_when_closed_then_it_ends_at_once_and_leaves_the_lease_alone() {
    a.enters();
    b.enters();
    time.pass(ofSeconds(3));

    b.closes();
    time.settle();

    assertThat(b.returned).isTrue();
    assertThat(holder()).isEqualTo("a");
  }

  /** B18 53. */
  @Test
  void given_any_life_of_a_lease_then_it_is_never_patched() {
    a.enters();
    b.enters();
    unreachableFor(ofSeconds(30));
    time.pass(ofSeconds(60));
    a.closes();
    time.pass(ofSeconds(60));

    assertThat(cluster.requests("patch")).isEmpty();
    assertThat(cluster.requests("delete")).isEmpty();
  }

  /** B18 49: what a Go replica wrote stays, known to us or not. */
  @Test
  void given_a_lease_of_a_go_replica_then_its_other_fields_and_labels_stay() {
    var go = JsonNodeFactory.instance.objectNode();
    go.putObject("metadata")
        .put("namespace", LEASE.namespace())
        .put("name", LEASE.name())
        .putObject("labels")
        .put("theirs", "1");
    go.putObject("spec")
        .put("holderIdentity", "")
        .put("leaseDurationSeconds", 1)
        .put("acquireTime", "2026-01-01T10:00:00.000000Z")
        .put("renewTime", "2026-01-01T10:00:00.123456Z")
        .put("leaseTransitions", 41)
        .put("strategy", "OldestEmulationVersion");
    cluster.create(Lease.KIND, go);

    a.enters();

    assertThat(a.leads()).isTrue();
    assertThat(spec().path("leaseTransitions").asInt()).isEqualTo(42);
    assertThat(spec().path("strategy").asText()).isEqualTo("OldestEmulationVersion");
    var labels = cluster.get(Lease.KIND, LEASE).at("/metadata/labels");
    assertThat(labels.path("theirs").asText()).isEqualTo("1");
    assertThat(labels.path("ours").asText()).isEqualTo("2");
  }

  @Test
  void given_a_standby_that_comes_to_lead_then_the_metrics_tell_it_and_each_slow_renewal() {
    a.enters();
    assertThat(metrics.scrape())
        .contains("leader_election_master_status{name=\"disk-example-com\"} 1");

    others(spec -> spec.put("renewTime", "1970-01-01T00:00:01.000000Z"));
    time.pass(ofSeconds(6));
    assertThat(metrics.scrape())
        .contains("leader_election_slowpath_total{name=\"disk-example-com\"} 1");

    a.closes();
    assertThat(metrics.scrape())
        .contains("leader_election_master_status{name=\"disk-example-com\"} 0");
  }

  @Test
  void given_work_that_fails_then_the_lease_is_given_back_and_the_failure_goes_on() {
    var elector = elector("c", OnLoss.STEP_DOWN);

    assertThatThrownBy(
            () ->
                elector.lead(
                    _ -> {
                      throw new Fatal("no driver");
                    }))
        .hasMessage("no driver");

    assertThat(holder()).isEmpty();
  }
}
