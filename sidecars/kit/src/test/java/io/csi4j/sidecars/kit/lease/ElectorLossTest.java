package io.csi4j.sidecars.kit.lease;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.sidecars.kit.component.Component.Fatal;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import org.junit.jupiter.api.Test;

/** A leader that cannot renew, and what it does about it. */
class ElectorLossTest extends ElectorStage {
  /** B18 47. */
  @Test
  void given_one_conflict_then_the_leader_looks_and_stays() {
    a.enters();
    time.pass(ofSeconds(1));

    cluster.change(
        Lease.KIND, LEASE, lease -> lease.withObjectProperty("metadata").put("generation", 7));
    time.pass(ofSeconds(6));

    assertThat(a.leads()).isTrue();
    assertThat(cluster.requests())
        .endsWith(
            "update leases/disk-example-com",
            "get leases/disk-example-com",
            "update leases/disk-example-com");
    assertThat(cluster.get(Lease.KIND, LEASE).at("/metadata/generation").asInt()).isEqualTo(7);
  }

  /** B18 48, first half. */
  @Test
  void given_no_answer_for_4_seconds_then_the_leader_stays() {
    a.enters();
    time.pass(ofSeconds(4));

    unreachableFor(ofSeconds(4));
    time.pass(ofSeconds(60));

    assertThat(a.terms).hasSize(1);
    assertThat(a.leads()).isTrue();
  }

  /** B18 48, second half: steps down in place, fences and campaigns again. */
  @Test
  void given_no_answer_for_16_seconds_then_the_leader_steps_down_and_later_leads_again() {
    a.enters();
    time.pass(ofSeconds(20));
    var lastSuccess = lastChange();

    unreachableFor(ofSeconds(16));
    time.pass(ofSeconds(60));

    assertThat(a.endedAt(0).minus(lastSuccess)).isBetween(ofSeconds(10), ofSeconds(15));
    assertThat(a.terms).hasSize(2);
    assertThat(a.terms.getFirst().holds()).isFalse();
    assertThat(a.leads()).isTrue();
    assertThat(spec().path("leaseTransitions").asInt()).isZero();
  }

  /** B18 48, as the Go tools do it. Provisioner 26.P6. */
  @Test
  void given_exit_on_loss_then_the_process_ends() {
    var c = new Replica("c", OnLoss.EXIT);
    c.enters();

    unreachableFor(ofSeconds(16));
    time.settle();

    assertThat(c.failure).isInstanceOf(Fatal.class).hasMessageContaining("leader election lost");
  }

  @Test
  void given_exit_on_loss_when_closed_then_the_end_is_an_orderly_one() {
    var c = new Replica("c", OnLoss.EXIT);
    c.enters();

    c.closes();

    assertThat(c.failure).isNull();
    assertThat(c.returned).isTrue();
    assertThat(holder()).isEmpty();
  }

  /** A request that hangs must not keep a leader in office. */
  @Test
  void given_a_renewal_that_hangs_then_the_term_is_lost_before_others_may_lead() {
    a.enters();
    b.enters();
    cluster.before =
        request -> {
          if (request.startsWith("update") && time.nanos() < ofSeconds(30).toNanos()) {
            time.sleep(ofSeconds(25));
            throw new ApiFailure.Unreachable("no answer", null);
          }
        };

    time.pass(ofSeconds(14));
    assertThat(a.leads()).isTrue();
    time.pass(ofSeconds(1));

    assertThat(a.leads()).isFalse();
    assertThat(b.leads()).isFalse();
  }

  /** The answer is final: nothing is gained by trying on until the deadline. */
  @Test
  void given_another_holder_in_the_lease_then_the_leader_stops_at_once() {
    a.enters();
    time.pass(ofSeconds(1));

    others(spec -> spec.put("holderIdentity", "thief"));
    time.pass(ofSeconds(5));

    assertThat(a.terms).hasSize(1);
    assertThat(a.leads()).isFalse();
  }

  /** B18 51. Provisioner 26.P6. */
  @Test
  void given_a_leader_that_hangs_then_its_health_is_bad_after_lease_and_grace() {
    a.enters();
    b.enters();
    a.lingers = ofHours(1);
    assertThat(b.elector.health()).isEqualTo(new LeaseHealth.Healthy());
    cluster.before =
        _ -> {
          throw new ApiFailure.Unreachable("down", null);
        };

    time.pass(ofSeconds(35));
    assertThat(a.elector.health()).isEqualTo(new LeaseHealth.Healthy());
    time.pass(ofSeconds(1));

    assertThat(a.elector.health()).isEqualTo(new LeaseHealth.Stuck("disk-example-com"));
  }
}
