package io.csi4j.sidecars.kit.lease;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** How soon another leads where the leader has gone. */
class HandoverTest extends ElectorStage {
  /** B18 44. */
  @Test
  void given_a_holder_that_died_then_the_lease_is_taken_within_26_seconds_of_its_last_sign() {
    a.enters();
    b.enters();
    time.pass(ofSeconds(12));
    var lastSign = lastChange();

    a.dies();
    time.pass(ofSeconds(40));

    assertThat(b.terms).hasSize(1);
    assertThat(b.wonAt(0).minus(lastSign)).isBetween(ofSeconds(15), ofSeconds(26));
    assertThat(spec().path("leaseTransitions").asInt()).isEqualTo(1);
  }

  /** B18 45: the record's times are those of another clock and decide nothing. */
  @Test
  void given_a_record_whose_times_are_long_past_then_it_is_not_taken_early() {
    a.enters();
    time.pass(ofSeconds(1));
    a.dies();
    others(spec -> spec.put("renewTime", "1960-01-01T00:00:00.000000Z"));

    b.enters();
    time.pass(ofSeconds(14));
    assertThat(b.terms).isEmpty();
    time.pass(ofSeconds(12));

    assertThat(b.terms).hasSize(1);
  }

  /** B18 46. */
  @Test
  void given_a_lease_that_nobody_holds_then_it_is_taken_at_the_next_try() {
    a.enters();
    b.enters();
    time.pass(ofSeconds(20));

    a.closes();
    var released = time.nanos();
    time.pass(ofSeconds(11));

    assertThat(b.terms).hasSize(1);
    assertThat(b.wonAt(0).minusNanos(released)).isLessThan(ofSeconds(3));
  }

  /** The leader goes in order: the standby is told, and does not wait for its next look. */
  @Test
  void given_a_watch_when_the_lease_is_given_back_then_another_leads_within_100_ms() {
    a.enters();
    b.enters();
    time.pass(ofSeconds(21));

    a.closes();
    var released = time.nanos();
    time.pass(ofMillis(100));

    assertThat(b.leads()).isTrue();
    assertThat(b.wonAt(0).minusNanos(released)).isLessThanOrEqualTo(ofMillis(100));
  }

  @Test
  void given_a_watch_when_the_lease_is_deleted_then_another_leads_within_100_ms() {
    a.enters();
    b.enters();
    time.pass(ofSeconds(21));

    a.dies();
    cluster.forget(Lease.KIND, LEASE);
    time.pass(ofMillis(100));

    assertThat(b.leads()).isTrue();
  }

  /** Renewals are seen as they come, so the lease runs out for the standby when it runs out. */
  @Test
  void given_a_watch_when_the_holder_has_died_then_the_lease_is_taken_the_moment_it_runs_out() {
    a.enters();
    b.enters();
    time.pass(ofSeconds(12));
    var lastSign = lastChange();

    a.dies();
    time.pass(ofSeconds(40));

    assertThat(b.terms).hasSize(1);
    assertThat(b.wonAt(0).minus(lastSign)).isBetween(ofSeconds(15), ofMillis(15_100));
  }

  @Test
  void given_a_watch_and_a_leader_that_renews_then_nobody_polls() {
    a.enters();
    b.enters();
    var looks = cluster.requests("get").size();

    time.pass(ofHours(1));

    assertThat(cluster.requests("get")).hasSize(looks);
  }

  /** Without the right to watch, the lease is looked at every 1 to 2.2 s. */
  @Test
  void given_no_watch_when_the_lease_is_given_back_then_the_next_look_finds_it() {
    cluster.watches = false;
    a.enters();
    b.enters();
    time.pass(ofSeconds(21));

    a.closes();
    var released = time.nanos();
    time.pass(ofMillis(2_300));

    assertThat(b.terms).hasSize(1);
    assertThat(b.wonAt(0).minusNanos(released)).isPositive();
  }

  @Test
  void given_no_watch_when_the_holder_has_died_then_the_lease_is_not_taken_early() {
    cluster.watches = false;
    a.enters();
    b.enters();
    time.pass(ofSeconds(12));
    var lastSign = lastChange();

    a.dies();
    time.pass(ofSeconds(40));

    assertThat(b.wonAt(0).minus(lastSign)).isBetween(ofSeconds(15), ofMillis(17_300));
  }

  /** It is silent for longer than a leader is: so it is not trusted any more. */
  @Test
  void given_a_watch_that_broke_when_the_lease_is_given_back_then_a_look_finds_it() {
    a.enters();
    b.enters();
    time.pass(ofSeconds(21));
    cluster.watches = false;
    time.pass(ofSeconds(10));

    a.closes();
    time.pass(ofMillis(2_300));

    assertThat(b.leads()).isTrue();
  }

  @Test
  void given_three_when_the_lease_is_given_back_then_one_leads() {
    var c = new Replica("c", OnLoss.STEP_DOWN);
    a.enters();
    b.enters();
    c.enters();
    time.pass(ofSeconds(8));

    a.closes();
    time.pass(ofMinutes(5));

    assertThat(b.terms.size() + c.terms.size()).isEqualTo(1);
    assertThat(b.leads()).isNotEqualTo(c.leads());
  }

  /** What a look has brought is newer than what a slow watch tells afterwards. */
  @Test
  void given_a_watch_that_lags_behind_a_look_then_its_word_changes_nothing() {
    a.enters();
    var claim = claim("b");
    claim.attempt();
    var old = stored();
    time.pass(ofSeconds(6));
    claim.attempt();
    time.pass(ofSeconds(2));
    var left = claim.left();

    assertThat(claim.isOthers(new LeaseNews.Heard(old, time.nanos()))).isTrue();

    assertThat(claim.left()).isEqualTo(left);
  }

  private Lease stored() {
    return cluster.read(Lease.KIND, LEASE).orElseThrow();
  }

  private LeaseClaim claim(String identity) {
    return new LeaseClaim(
        cluster,
        time,
        new Candidate(LEASE, identity, Map.of()),
        LeaseTiming.DEFAULT.lease(),
        TermWatcher.NOBODY);
  }
}
