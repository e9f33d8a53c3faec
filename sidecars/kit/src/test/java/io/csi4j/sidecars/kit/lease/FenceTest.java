package io.csi4j.sidecars.kit.lease;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.sidecars.kit.doors.FakeCluster;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Patch;
import io.csi4j.sidecars.kit.queue.BackOff;
import io.csi4j.sidecars.kit.reconcile.ReconcileLoop;
import io.csi4j.sidecars.kit.reconcile.Verdict;
import io.csi4j.sidecars.kit.time.ManualTime;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Nothing is written once the lease may be another's. */
class FenceTest {
  private static final ObjectKey KEY = new ObjectKey("n", "x");

  private final ManualTime time = new ManualTime();
  private final FakeCluster cluster = new FakeCluster();
  private final Leadership term = Leadership.of(time, ofSeconds(15), time.nanos());

  @Test
  void given_a_lost_term_then_reads_pass_and_no_write_does() {
    cluster.create(Lease.KIND, object());
    var fenced = term.fence(cluster);
    term.lose();

    assertThat(fenced.read(Lease.KIND, KEY)).isPresent();
    refused(() -> fenced.create(Lease.KIND, object()));
    refused(() -> fenced.patch(Lease.KIND, KEY, Patch.merge(object())));
    refused(() -> fenced.update(Lease.KIND, KEY, _ -> {}));
    refused(() -> fenced.replace(Lease.KIND, object()));
    refused(() -> fenced.delete(Lease.KIND, KEY, "uid"));
    assertThat(cluster.requests("create")).hasSize(1);
    assertThat(cluster.requests()).hasSize(2);
  }

  /** A stopped process wakes up before its timers have said anything. */
  @Test
  void given_a_process_that_slept_through_its_lease_then_no_write_passes() {
    var fenced = term.fence(cluster);

    time.pass(ofSeconds(15));

    refused(() -> fenced.create(Lease.KIND, object()));
    assertThat(cluster.requests()).isEmpty();
  }

  /** Whoever was refused has given up its key; only a new term looks at it again. */
  @Test
  void given_a_refused_write_when_the_lease_is_renewed_after_all_then_the_term_has_ended() {
    var fenced = term.fence(cluster);
    time.pass(ofSeconds(15));
    refused(() -> fenced.create(Lease.KIND, object()));

    term.renewed(time.nanos());

    assertThat(term.taken()).isTrue();
    refused(() -> fenced.create(Lease.KIND, object()));
  }

  @Test
  void
      given_a_lease_that_ran_out_by_the_clock_when_it_is_renewed_before_any_write_then_all_is_well() {
    var fenced = term.fence(cluster);
    time.pass(ofSeconds(15));
    assertThat(term.holds()).isFalse();

    term.renewed(time.nanos());

    assertThat(fenced.create(Lease.KIND, object())).isNotNull();
  }

  @Test
  void given_no_election_then_writes_pass_for_ever() {
    var fenced = Leadership.unopposed(time).fence(cluster);

    time.pass(ofHours(10));

    assertThat(fenced.create(Lease.KIND, object())).isNotNull();
  }

  @Test
  void given_a_term_that_shall_end_then_work_in_hand_is_still_finished() {
    var fenced = term.fence(cluster);

    term.end();

    assertThat(fenced.create(Lease.KIND, object())).isNotNull();
  }

  @Test
  void given_a_refused_write_then_the_reconcile_ends_and_is_not_tried_again() {
    var fenced = term.fence(cluster);
    List<Long> runs = new ArrayList<>();
    var loop =
        new ReconcileLoop(
            "test",
            _ -> {
              runs.add(time.nanos());
              fenced.create(Lease.KIND, object());
              return new Verdict.Settled();
            },
            time,
            1,
            new BackOff(ofSeconds(1), ofMinutes(1)));
    term.lose();

    loop.add(KEY);
    loop.start();
    time.pass(ofMinutes(10));

    assertThat(runs).hasSize(1);
    assertThat(cluster.requests()).isEmpty();
  }

  private static void refused(ThrowingCallable write) {
    assertThatThrownBy(write).isInstanceOf(Deposed.class);
  }

  private static ObjectNode object() {
    var object = JsonNodeFactory.instance.objectNode();
    object.putObject("metadata").put("namespace", "n").put("name", "x");
    return object;
  }
}
