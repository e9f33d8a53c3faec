package io.csi4j.sidecars.attacher;

import static io.csi4j.sidecars.attacher.Worlds.attachment;
import static io.csi4j.sidecars.attacher.Worlds.deletingHeld;
import static io.csi4j.sidecars.attacher.Worlds.held;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.queue.BackOff;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When an attachment that has failed is tried again. */
class NextTryTest {
  private static final Instant BEGIN = Instant.parse("2026-11-21T09:00:00Z");
  private static final BackOff BACK_OFF = new BackOff(Duration.ofSeconds(1), Duration.ofMinutes(5));
  private static final Attachment WANTED = attachment(held("va1", "id"), "pv1", false);

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 2", "3, 4", "100, 101", "299, 300", "3600, 300"})
  void given_failures_since_then_the_pause_is_no_longer_than(int failedAfter, int pause) {
    var next = NextTry.of(WANTED, failed(failedAfter), BACK_OFF);

    assertThat(next).contains(new NextTry(BEGIN.plusSeconds(failedAfter + pause)));
  }

  /** What is promised is never earlier than what the loop does, however long the calls take. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15})
  void given_the_loops_own_pauses_then_no_try_comes_later_than_told(int callSeconds) {
    var at = BEGIN.plusSeconds(callSeconds);
    for (var failures = 0; failures < 15; failures++) {
      var next = NextTry.of(WANTED, failed(Duration.between(BEGIN, at).toSeconds()), BACK_OFF);
      var tried = at.plus(BACK_OFF.after(failures));

      assertThat(next.orElseThrow().by()).isAfterOrEqualTo(tried);
      at = tried.plusSeconds(callSeconds);
    }
  }

  @Test
  void given_it_is_attached_or_nothing_has_failed_then_there_is_none() {
    var attached = attachment(held("va1", "id"), "pv1", true);

    assertThat(NextTry.of(attached, failed(5), BACK_OFF)).isEmpty();
    assertThat(NextTry.of(WANTED, AttachmentPast.NONE, BACK_OFF)).isEmpty();
  }

  /** An old failure to attach says nothing about detaching. */
  @Test
  void given_it_is_being_detached_then_only_a_failure_of_that_counts() {
    var deleting = attachment(deletingHeld("va1", "id"), "pv1", true);

    assertThat(NextTry.of(deleting, failed(5), BACK_OFF)).isEmpty();
  }

  @Test
  void given_the_time_is_past_then_it_is_said_that_nobody_may_be_there() {
    var next = new NextTry(BEGIN);

    assertThat(next.words(BEGIN.plusSeconds(1))).startsWith("due since 2026-11-21T09:00:00Z");
    assertThat(next.words(BEGIN.minusSeconds(1))).startsWith("by 2026-11-21T09:00:00Z");
  }

  private static AttachmentPast failed(long afterSeconds) {
    var error = Map.of("time", BEGIN.plusSeconds(afterSeconds).toString(), "message", "no path");
    return new AttachmentPast(WANTED.meta(), BEGIN.toString(), "", "", error, Map.of());
  }
}
