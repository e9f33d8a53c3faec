package io.csi4j.sidecars.kit.lease;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.sidecars.kit.component.Component.Fatal;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.FakeCluster;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.metrics.Metrics;
import io.csi4j.sidecars.kit.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Scenarios of leader election, two replicas in one virtual time. */
class ElectorTest {
  private static final ObjectKey LEASE = new ObjectKey("kube-system", "disk-example-com");

  private final ManualTime time = new ManualTime();
  private final FakeCluster cluster = new FakeCluster();
  private final Metrics metrics = new Metrics(time.now());
  private final LeaseMetrics leases = new LeaseMetrics(metrics);
  private final Replica a = new Replica("a", OnLoss.STEP_DOWN);
  private final Replica b = new Replica("b", OnLoss.STEP_DOWN);

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

  private Elector elector(String identity, OnLoss onLoss) {
    return new Elector(
        cluster,
        time,
        new Candidate(LEASE, identity, Map.of("ours", "2")),
        LeaseTiming.DEFAULT,
        onLoss,
        leases);
  }

  private void unreachableFor(Duration duration) {
    var end = time.nanos() + duration.toNanos();
    var lost =
        (FakeCluster.Hook)
            request -> {
              if (time.nanos() < end) {
                throw new ApiFailure.Unreachable(request + ": down", null);
              }
            };
    cluster.before = lost;
    time.pass(duration);
  }

  private void others(java.util.function.Consumer<ObjectNode> change) {
    cluster.change(Lease.KIND, LEASE, lease -> change.accept(lease.withObjectProperty("spec")));
  }

  private ObjectNode spec() {
    return (ObjectNode) cluster.get(Lease.KIND, LEASE).path("spec");
  }

  private String holder() {
    return spec().path("holderIdentity").asText();
  }

  private Duration lastChange() {
    return Duration.between(
        java.time.Instant.EPOCH, java.time.Instant.parse(spec().path("renewTime").asText()));
  }

  /** One process that wants to lead. */
  private final class Replica {
    private final String identity;
    private final Elector elector;
    private final List<Leadership> terms = new ArrayList<>();
    private final List<Duration> won = new ArrayList<>();
    private final List<Duration> ended = new ArrayList<>();
    private Duration lingers = Duration.ZERO;
    private boolean returned;
    private boolean dead;
    private @Nullable Throwable failure;

    Replica(String identity, OnLoss onLoss) {
      this.identity = identity;
      this.elector = elector(identity, onLoss);
    }

    void enters() {
      time.spawn(identity, this::run);
      time.settle();
      time.pass(ofMillis(0));
    }

    private void run() {
      try {
        elector.lead(this::work);
        returned = true;
      } catch (InterruptedException | Fatal e) {
        failure = e;
      }
    }

    private void work(Leadership term) {
      terms.add(term);
      won.add(Duration.ofNanos(time.nanos()));
      term.awaitEnd();
      ended.add(Duration.ofNanos(time.nanos()));
      if (!lingers.isZero()) {
        time.sleep(lingers);
      }
    }

    void closes() {
      elector.close();
      time.settle();
    }

    /** As by a power cut: none of its requests leaves any more. */
    void dies() {
      dead = true;
      var others = cluster.before;
      cluster.before =
          request -> {
            if (dead && isMine(Thread.currentThread().getName())) {
              throw new ApiFailure.Unreachable("dead", null);
            }
            others.at(request);
          };
    }

    private boolean isMine(String fiber) {
      return fiber.equals(identity) || fiber.equals("csi4j-lease-renewal-" + identity);
    }

    boolean leads() {
      return !terms.isEmpty() && terms.getLast().holds();
    }

    Duration wonAt(int term) {
      return won.get(term);
    }

    Duration endedAt(int term) {
      return ended.get(term);
    }
  }
}
