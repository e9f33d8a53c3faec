package io.csi4j.sidecars.registrar;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.sidecars.kit.metrics.Metrics;
import io.csi4j.sidecars.kit.time.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What an operator reads, at each moment of a registration. */
class RegistrationStoryTest {
  private final ManualTime time = new ManualTime();
  private final RegistrationStory story =
      new RegistrationStory(time, new RegistrarMetrics(new Metrics(time.now())));

  @Test
  void given_no_driver_then_that_is_what_is_waited_for() {
    story.waitsFor("waiting for the CSI driver");

    assertThat(story.waitingFor()).isEqualTo("waiting for the CSI driver");
  }

  /** registrar.md 14.6: a wrong host path, in words. */
  @Test
  void given_a_socket_that_kubelet_leaves_alone_then_after_three_minutes_the_likely_cause() {
    story.socketMade();
    time.pass(Duration.ofSeconds(179));
    assertThat(story.waitingFor()).isEqualTo("kubelet has not asked yet");
    assertThat(story.longUnasked()).isFalse();

    time.pass(Duration.ofSeconds(1));

    assertThat(story.longUnasked()).isTrue();
    assertThat(story.waitingFor()).contains("wrong host path", "--root-dir");
  }

  @Test
  void given_kubelet_has_asked_then_the_clock_of_silence_has_stopped() {
    story.socketMade();
    story.kubeletAsked();

    time.pass(Duration.ofHours(1));

    assertThat(story.longUnasked()).isFalse();
    assertThat(story.waitingFor()).isEqualTo("kubelet has asked and not yet answered");
  }

  @Test
  void given_refusals_then_they_are_counted_until_kubelet_accepts() {
    story.socketMade();
    story.kubeletRefused("boom");
    story.socketMade();
    story.kubeletRefused("boom");
    assertThat(story.refusalsInRow()).isEqualTo(2);
    assertThat(story.lastWordWasNo()).isTrue();

    story.kubeletAccepted();

    assertThat(story.refusalsInRow()).isZero();
    assertThat(story.lastWordWasNo()).isFalse();
    assertThat(story.waitingFor()).isEmpty();
  }

  @Test
  void given_a_new_socket_then_the_last_refusal_is_still_what_is_read() {
    story.socketMade();
    story.kubeletRefused("boom");

    story.socketMade();

    assertThat(story.lastWordWasNo()).isFalse();
    assertThat(story.waitingFor()).isEqualTo("kubelet refused the driver: boom");
  }
}
