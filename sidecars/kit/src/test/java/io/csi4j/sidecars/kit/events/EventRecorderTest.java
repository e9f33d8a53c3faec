package io.csi4j.sidecars.kit.events;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.FakeCluster;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventRecorderTest {
  private static final Involved CLAIM =
      new Involved("v1", "PersistentVolumeClaim", new ObjectKey("shop", "data"), "uid-1", "77", "");

  private final ManualTime time = new ManualTime();
  private final FakeCluster cluster = new FakeCluster();
  private final EventRecorder recorder = new EventRecorder(cluster, time, "disk_host_1");

  /** B16, the exact shape. */
  @Test
  void given_an_event_then_its_object_is_that_of_the_go_tools() {
    time.pass(ofSeconds(90));

    warns("no space");

    assertThat(events())
        .singleElement()
        .hasToString(
            """
            {"metadata":{"name":"data.14f46b0400","namespace":"shop","resourceVersion":"101",\
            "uid":"uid-101"},\
            "involvedObject":{"kind":"PersistentVolumeClaim","namespace":"shop","name":"data",\
            "uid":"uid-1","apiVersion":"v1","resourceVersion":"77"},\
            "reason":"Failed","type":"Warning","source":{"component":"disk_host_1"},\
            "reportingComponent":"disk_host_1","reportingInstance":"",\
            "firstTimestamp":"1970-01-01T00:01:30Z","count":1,\
            "lastTimestamp":"1970-01-01T00:01:30Z","message":"no space"}""");
  }

  @Test
  void given_an_object_in_no_namespace_or_with_an_odd_name_then_the_event_still_has_a_place() {
    var volume =
        new Involved("v1", "PersistentVolume", ObjectKey.cluster("Odd_Name"), "uid-2", "", "");

    recorder.record(Event.normal(volume, "Made", "made"));
    time.settle();

    var event = events().getFirst();
    assertThat(event.at("/metadata/namespace").asText()).isEqualTo("default");
    assertThat(event.at("/metadata/name").asText()).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-.{12}");
    assertThat(event.at("/involvedObject").has("namespace")).isFalse();
  }

  /** Of all replicas that would tell it, one does. */
  @Test
  void given_an_event_that_many_tell_then_the_first_one_is_written() {
    var about =
        new Involved("v1", "PersistentVolumeClaim", new ObjectKey("shop", "data"), "u", "", "");
    try (var other = new EventRecorder(cluster, time, "disk_host_2")) {
      recorder.record(Event.warning(about, "Failed", "no node").toldOnceAs("u.unplaced"));
      time.settle();
      other.record(Event.warning(about, "Failed", "no other node").toldOnceAs("u.unplaced"));
      time.settle();
    }

    assertThat(events()).hasSize(1);
    assertThat(events().getFirst().at("/metadata/name").asText()).isEqualTo("u.unplaced");
    assertThat(events().getFirst().path("message").asText()).isEqualTo("no node");
  }

  /** B18 69. */
  @Test
  void given_the_same_message_three_times_then_there_is_one_object_that_counts_3() {
    warns("no space");
    time.pass(ofSeconds(60));
    warns("no space");
    time.pass(ofSeconds(60));
    warns("no space");

    var event = events().getFirst();
    assertThat(events()).hasSize(1);
    assertThat(event.path("count").asInt()).isEqualTo(3);
    assertThat(event.path("firstTimestamp").asText()).isEqualTo("1970-01-01T00:00:00Z");
    assertThat(event.path("lastTimestamp").asText()).isEqualTo("1970-01-01T00:02:00Z");
  }

  /** B18 70. */
  @Test
  void given_12_messages_for_one_reason_then_9_have_objects_and_one_combines_the_rest() {
    for (var i = 1; i <= 12; i++) {
      warns("attempt " + i);
      time.pass(ofSeconds(5));
    }

    assertThat(events()).hasSize(10);
    assertThat(messages().subList(0, 9)).allMatch(each -> each.matches("attempt [1-9]"));
    assertThat(messages().getLast()).isEqualTo("(combined from similar events): attempt 12");
    assertThat(events().getLast().path("count").asInt()).isEqualTo(3);
  }

  @Test
  void given_messages_that_come_rarely_then_each_has_its_object() {
    for (var i = 1; i <= 12; i++) {
      warns("attempt " + i);
      time.pass(ofSeconds(601));
    }

    assertThat(events()).hasSize(12);
  }

  /** B18 71. */
  @Test
  void given_30_events_about_one_object_then_25_pass_and_another_after_300_seconds() {
    for (var i = 1; i <= 30; i++) {
      recorder.record(Event.warning(CLAIM, "Reason" + i, "because"));
    }
    time.settle();
    assertThat(events()).hasSize(25);

    time.pass(ofSeconds(299));
    recorder.record(Event.warning(CLAIM, "Late", "because"));
    time.settle();
    assertThat(events()).hasSize(25);
    time.pass(ofSeconds(1));
    recorder.record(Event.warning(CLAIM, "Later", "because"));
    time.settle();

    assertThat(events()).hasSize(26);
  }

  /** B18 72. */
  @Test
  void given_a_flood_of_warnings_then_a_normal_event_still_passes() {
    for (var i = 1; i <= 30; i++) {
      recorder.record(Event.warning(CLAIM, "Reason" + i, "because"));
    }
    recorder.record(Event.normal(CLAIM, "Done", "done"));
    time.settle();

    assertThat(messages()).contains("done");
  }

  /** B18 73. */
  @Test
  void given_an_object_that_the_server_let_go_then_it_is_made_anew() {
    warns("no space");
    var name = events().getFirst().at("/metadata/name").asText();
    cluster.forget(EventObject.KIND, new ObjectKey("shop", name));

    warns("no space");

    assertThat(events()).singleElement().matches(each -> each.path("count").asInt() == 2);
  }

  /** B18 74. */
  @Test
  void given_no_right_to_create_then_the_event_is_lost_without_another_try() {
    cluster.before =
        _ -> {
          throw new ApiFailure.Forbidden("no");
        };

    warns("no space");
    time.pass(ofMinutes(10));

    assertThat(cluster.requests()).hasSize(1);
  }

  /** B18 75. */
  @Test
  void given_no_server_then_there_are_12_tries_and_the_recorder_never_waits() {
    List<Duration> tries = new ArrayList<>();
    cluster.before =
        _ -> {
          tries.add(Duration.ofNanos(time.nanos()));
          throw new ApiFailure.Unreachable("down", null);
        };

    warns("no space");
    assertThat(time.nanos()).isZero();
    time.pass(ofMinutes(10));

    assertThat(tries).hasSize(12);
    assertThat(tries.get(1)).isLessThan(ofSeconds(10));
    assertThat(tries.get(11).minus(tries.get(1))).isEqualTo(ofSeconds(100));
  }

  /** B18 76. */
  @Test
  void given_1001_events_before_any_is_written_then_one_is_lost() {
    for (var i = 0; i <= EventRecorder.QUEUE_MAX; i++) {
      var volume = new Involved("v1", "PersistentVolume", ObjectKey.cluster("v" + i), "", "", "");
      recorder.record(Event.normal(volume, "Made", "made"));
    }
    time.settle();

    assertThat(events()).hasSize(1000);
  }

  @Test
  void given_a_close_then_what_waits_is_still_written_and_nothing_more() {
    recorder.record(Event.warning(CLAIM, "Failed", "last words"));

    recorder.close();
    warns("too late");

    assertThat(messages()).containsExactly("last words");
  }

  @Test
  void given_no_server_when_closed_then_it_does_not_take_long() {
    cluster.before =
        _ -> {
          throw new ApiFailure.Unreachable("down", null);
        };
    warns("no space");

    recorder.close();

    assertThat(Duration.ofNanos(time.nanos())).isLessThan(ofSeconds(1));
  }

  @Test
  void given_a_long_message_then_head_and_tail_stay_and_no_character_is_cut() {
    warns("head " + "\uD83D\uDCBE".repeat(5000) + " tail");

    var message = messages().getFirst();
    assertThat(message.length()).isLessThanOrEqualTo(4096);
    assertThat(message).startsWith("head ").endsWith(" tail").contains(" ... ");
    assertThat(message.codePoints().filter(each -> each >= 0xD800 && each <= 0xDFFF)).isEmpty();
  }

  private void warns(String message) {
    recorder.record(Event.warning(CLAIM, "Failed", message));
    time.settle();
  }

  private List<ObjectNode> events() {
    return cluster.all(EventObject.KIND);
  }

  private List<String> messages() {
    return events().stream().map(each -> each.path("message").asText()).toList();
  }
}
