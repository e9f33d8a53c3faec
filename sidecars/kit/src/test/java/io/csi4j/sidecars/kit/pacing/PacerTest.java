package io.csi4j.sidecars.kit.pacing;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.options.BadFlags;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.time.ManualTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacerTest {
  private final ManualTime time = new ManualTime();
  private final List<Long> millis = new ArrayList<>();

  /** B18 66. */
  @Test
  void given_5_a_second_and_a_burst_of_10_then_20_requests_take_2_seconds() {
    var pacer = pacer("--kube-api-qps=5", "--kube-api-burst=10");

    requests(pacer, 20);
    time.pass(ofSeconds(10));

    assertThat(millis.subList(0, 10)).containsOnly(0L);
    assertThat(millis.subList(10, 20))
        .containsExactly(200L, 400L, 600L, 800L, 1000L, 1200L, 1400L, 1600L, 1800L, 2000L);
  }

  @Test
  void given_a_pause_then_the_burst_is_there_again_and_no_more() {
    var pacer = pacer("--kube-api-qps=5");
    requests(pacer, 10);
    time.pass(ofSeconds(100));
    millis.clear();

    requests(pacer, 11);
    time.pass(ofSeconds(1));

    assertThat(millis).filteredOn(each -> each == 100_000L).hasSize(10);
    assertThat(millis).last().isEqualTo(100_200L);
  }

  /** B18 67. */
  @Test
  void given_a_deadline_before_the_token_then_it_fails_at_once_and_takes_none() {
    var pacer = pacer("--kube-api-qps=1", "--kube-api-burst=1");
    pacer.await("get a");

    assertThatThrownBy(() -> pacer.await("get b", ofMillis(999)))
        .isInstanceOf(ApiFailure.Throttled.class)
        .hasMessage(
            "get b: client rate limiter Wait returned an error:"
                + " rate: Wait(n=1) would exceed context deadline");
    assertThat(time.nanos()).isZero();
    pacer.await("get c", ofSeconds(1));

    assertThat(time.nanos()).isEqualTo(ofSeconds(1).toNanos());
  }

  /** B18 68: the lease has a client of its own, which nothing paces. */
  @Test
  void given_no_flag_then_nothing_waits() {
    requests(pacer(), 1000);
    requests(pacer("--kube-api-qps=-1"), 1000);

    assertThat(millis).hasSize(2000).containsOnly(0L);
  }

  @Test
  void given_flags_then_they_mean_what_they_mean_to_the_go_tools() {
    assertThat(options("--kube-api-qps=7.5"))
        .isEqualTo(new PacingOptions.Limited(java.time.Duration.ofNanos(133_333_333), 10));
    assertThat(options("--kube-api-qps=0", "--kube-api-burst=0"))
        .isEqualTo(new PacingOptions.Limited(ofMillis(200), 10));
    assertThat(options("--kube-api-burst=50")).isEqualTo(new PacingOptions.Unlimited());
    assertThatThrownBy(() -> options("--kube-api-qps=fast")).isInstanceOf(BadFlags.class);
  }

  private void requests(Pacer pacer, int count) {
    for (var i = 0; i < count; i++) {
      time.spawn(
          "request",
          () -> {
            pacer.await("get");
            millis.add(time.nanos() / 1_000_000);
          });
    }
    time.settle();
  }

  private Pacer pacer(String... args) {
    return Pacer.of(options(args), time);
  }

  private static PacingOptions options(String... args) {
    var flags = Flags.parse(List.of(args));
    var options = PacingOptions.from(flags);
    flags.throwIfAnyProblem();
    return options;
  }
}
