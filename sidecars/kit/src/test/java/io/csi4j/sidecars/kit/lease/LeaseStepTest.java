package io.csi4j.sidecars.kit.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.csi4j.sidecars.kit.lease.LeaseFacts.Seen;
import io.csi4j.sidecars.kit.lease.LeaseFacts.Source;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The algorithm's table, a row a test; times in seconds. */
class LeaseStepTest {

  @Test
  void given_nothing_remembered_then_looks() {
    assertThat(decide(Source.MEMORY, null, 0)).isEqualTo(new LeaseStep.Look());
  }

  @Test
  void given_our_fresh_lease_then_renews_without_looking() {
    var seen = seen("me", 100);

    assertThat(decide(Source.MEMORY, seen, 114)).isEqualTo(new LeaseStep.Renew(seen.lease()));
  }

  @Test
  void given_our_old_lease_then_looks() {
    assertThat(decide(Source.MEMORY, seen("me", 100), 115)).isEqualTo(new LeaseStep.Look());
  }

  @Test
  void given_another_holder_in_memory_then_looks_however_old_it_is() {
    assertThat(decide(Source.MEMORY, seen("you", 100), 500)).isEqualTo(new LeaseStep.Look());
  }

  @Test
  void given_no_lease_at_the_server_then_creates() {
    assertThat(decide(Source.SERVER, null, 0)).isEqualTo(new LeaseStep.Create());
  }

  @Test
  void given_our_lease_at_the_server_then_renews_however_old_it_is() {
    var seen = seen("me", 100);

    assertThat(decide(Source.SERVER, seen, 900)).isEqualTo(new LeaseStep.Renew(seen.lease()));
  }

  @Test
  void given_anothers_lease_then_leaves_until_it_has_been_silent_for_its_duration() {
    var seen = seen("you", 100);

    assertThat(decide(Source.SERVER, seen, 114)).isEqualTo(new LeaseStep.Leave("you"));
    assertThat(decide(Source.SERVER, seen, 115)).isEqualTo(new LeaseStep.Take(seen.lease()));
  }

  @Test
  void given_a_lease_of_nobody_then_takes_it() {
    var seen = seen("", 100);

    assertThat(decide(Source.SERVER, seen, 100)).isEqualTo(new LeaseStep.Take(seen.lease()));
  }

  /** B18 51. */
  @Test
  void given_leader_or_not_then_health_is_that_of_the_last_renewal() {
    var lease = Duration.ofSeconds(15);

    assertThat(LeaseHealth.decide("l", null, lease)).isEqualTo(new LeaseHealth.Healthy());
    assertThat(LeaseHealth.decide("l", Duration.ofSeconds(35), lease))
        .isEqualTo(new LeaseHealth.Healthy());
    assertThat(LeaseHealth.decide("l", Duration.ofSeconds(36), lease))
        .isInstanceOfSatisfying(
            LeaseHealth.Stuck.class,
            stuck ->
                assertThat(stuck.text())
                    .isEqualTo(
                        "internal server error: failed election to renew leadership on lease l"));
  }

  private static LeaseStep decide(Source source, @Nullable Seen seen, long nowSeconds) {
    return LeaseStep.decide(
        new LeaseFacts("me", source, seen, Duration.ofSeconds(nowSeconds).toNanos()));
  }

  private static Seen seen(String holder, long sinceSeconds) {
    var text =
        """
        {"metadata": {"namespace": "n", "name": "l", "resourceVersion": "7"},
         "spec": {"holderIdentity": "%s", "leaseDurationSeconds": 15, "leaseTransitions": 3,
                  "renewTime": "2026-01-01T10:00:00.000000Z"}}
        """
            .formatted(holder);
    try (var json = new ObjectMapper().createParser(text)) {
      json.nextToken();
      return new Seen(Lease.KIND.reader().read(json), Duration.ofSeconds(sinceSeconds).toNanos());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
