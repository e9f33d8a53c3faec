package io.csi4j.sidecars.kit.journal;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.csi4j.proto.csi.v1.CreateVolumeRequest;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.FakeCluster;
import io.csi4j.sidecars.kit.doors.Intent;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigMapJournalTest {
  private static final ObjectKey LEASE = new ObjectKey("kube-system", "disk");

  private final ManualTime time = new ManualTime();
  private final FakeCluster cluster = new FakeCluster();
  private final ConfigMapJournal journal = new ConfigMapJournal(cluster, time, LEASE);

  @Test
  void given_an_open_intent_then_the_next_life_finds_it_whole() {
    var request =
        CreateVolumeRequest.newBuilder()
            .setName("pvc-1")
            .putParameters("tier", "gold")
            .putSecrets("password", "hunter2")
            .build();
    var intent =
        Intent.of(
            request,
            new Intent.Claimant(new ObjectKey("shop", "data"), "uid-1"),
            List.of(new ObjectKey("vault", "disk-secret")));

    journal.open(intent);

    assertThat(nextLife().pending()).containsExactly(intent);
    assertThat(cluster.all(ShardObject.KIND).toString()).doesNotContain("hunter2");
    assertThat(intent.request().toStringUtf8()).doesNotContain("hunter2").contains("gold");
    assertThat(intent.toString()).isEqualTo("Intent[pvc-1 for shop/data]");
  }

  @Test
  void given_an_intent_with_a_note_then_the_next_life_reads_it() {
    var intent = intent("pvc-1").withNote("{\"kind\":\"PersistentVolume\"}");

    journal.open(intent);

    assertThat(nextLife().pending()).containsExactly(intent);
  }

  @Test
  void given_a_closed_intent_then_it_is_gone_a_little_later() {
    journal.open(intent("pvc-1"));
    journal.close("pvc-1");

    time.pass(ofSeconds(2));

    assertThat(nextLife().pending()).isEmpty();
  }

  @Test
  void given_an_intent_that_is_open_already_then_opening_it_again_costs_nothing() {
    journal.open(intent("pvc-1"));
    var requests = cluster.requests().size();

    journal.open(intent("pvc-1"));

    assertThat(cluster.requests()).hasSize(requests);
  }

  @Test
  void given_an_intent_that_is_being_closed_when_opened_again_then_it_is_open() {
    journal.open(intent("pvc-1"));
    journal.close("pvc-1");

    journal.open(intent("pvc-1"));
    time.pass(ofSeconds(10));

    assertThat(nextLife().pending()).containsExactly(intent("pvc-1"));
  }

  /** N waiters cost fewer writes than N. */
  @Test
  void given_200_intents_at_once_then_they_share_two_writes_at_most() {
    var opened = openAllAtOnce(200, ofMillis(10));

    assertThat(opened).hasSize(200);
    assertThat(writes()).isLessThanOrEqualTo(2);
    assertThat(nextLife().pending()).hasSize(200);
  }

  /** As many as a busy controller manager hands over: each write takes less time than passes. */
  @Test
  void given_500_intents_that_come_and_go_80_a_second_then_ten_and_more_share_a_write() {
    cluster.before = _ -> time.sleep(ofMillis(5));
    for (var i = 0; i < 500; i++) {
      var name = "pvc-" + i;
      time.spawn(name, () -> openAndClose(name));
      time.pass(ofNanos(12_500_000));
    }
    time.pass(ofSeconds(3));

    assertThat(writes()).isLessThanOrEqualTo(50);
    assertThat(nextLife().pending()).isEmpty();
  }

  @Test
  void given_few_intents_then_none_waits_for_company() {
    var begun = time.nanos();
    for (var i = 0; i < 8; i++) {
      journal.open(intent("pvc-" + i));
    }

    assertThat(time.nanos()).isEqualTo(begun);
  }

  @Test
  void given_a_small_batch_after_many_then_it_waits_a_little_and_no_longer() {
    for (var i = 0; i < 9; i++) {
      journal.open(intent("pvc-" + i));
    }
    var begun = time.nanos();

    journal.open(intent("pvc-9"));

    assertThat(time.nanos() - begun).isBetween(1L, ofMillis(200).toNanos());
  }

  @Test
  void given_200_intents_closed_one_after_the_other_then_that_costs_one_write() {
    openAllAtOnce(200, ofMillis(10));
    var before = writes();

    for (var i = 0; i < 200; i++) {
      journal.close("pvc-" + i);
      time.pass(ofMillis(1));
    }
    time.pass(ofSeconds(3));

    assertThat(writes() - before).isEqualTo(1);
    assertThat(nextLife().pending()).isEmpty();
  }

  /** What a process has sent before it died may arrive when the next one has begun. */
  @Test
  void given_a_write_of_a_dead_process_when_it_arrives_late_then_it_is_refused() {
    journal.open(intent("pvc-1"));
    var late = cluster.all(ShardObject.KIND).stream().map(ObjectNode::deepCopy).toList();
    late.forEach(shard -> shard.putObject("data"));

    assertThat(nextLife().pending()).containsExactly(intent("pvc-1"));

    assertThat(late).isNotEmpty();
    for (var write : late) {
      assertThatThrownBy(() -> cluster.replace(ShardObject.KIND, write))
          .isInstanceOf(ApiFailure.Conflict.class);
    }
    assertThat(nextLife().pending()).containsExactly(intent("pvc-1"));
  }

  @Test
  void given_a_reader_then_it_sees_all_and_writes_nothing() {
    var reader = new JournalReader(cluster, LEASE);
    assertThat(reader.intents()).isEmpty();
    journal.open(intent("pvc-1"));
    var before = writes();

    assertThat(reader.intents()).containsExactly(intent("pvc-1"));

    assertThat(writes()).isEqualTo(before);
  }

  @Test
  void given_another_writer_then_both_their_intents_stay() {
    var other = nextLife();
    for (var i = 0; i < 40; i += 2) {
      journal.open(intent("pvc-" + i));
      other.open(intent("pvc-" + (i + 1)));
    }

    journal.close("pvc-0");
    other.close("pvc-1");
    time.pass(ofSeconds(2));

    assertThat(nextLife().pending()).hasSize(38);
  }

  @Test
  void given_a_server_that_cannot_be_reached_then_open_fails_and_close_is_made_up_for() {
    journal.open(intent("pvc-1"));
    var down =
        (FakeCluster.Hook)
            _ -> {
              throw new ApiFailure.Unreachable("down", null);
            };
    cluster.before = down;

    assertThatThrownBy(() -> journal.open(intent("pvc-2")))
        .isInstanceOf(ApiFailure.Unreachable.class);
    journal.close("pvc-1");
    time.pass(ofMinutes(1));
    cluster.before = _ -> {};
    time.pass(ofSeconds(6));

    assertThat(cluster.requests().size()).isLessThan(25);
    assertThat(nextLife().pending()).isEmpty();
  }

  /** The write was done, and nobody heard: what is known is asked for again. */
  @Test
  void given_a_write_that_was_not_heard_of_then_the_next_one_builds_on_it() {
    cluster.after = new Once("create")::at;

    assertThatThrownBy(() -> journal.open(intent("pvc-1")))
        .isInstanceOf(ApiFailure.Unreachable.class);
    journal.open(intent("pvc-1"));

    assertThat(nextLife().pending()).containsExactly(intent("pvc-1"));
  }

  @Test
  void given_no_right_to_config_maps_then_intents_are_kept_in_memory() {
    cluster.before =
        _ -> {
          throw new ApiFailure.Forbidden("configmaps is forbidden");
        };

    journal.open(intent("pvc-1"));
    journal.open(intent("pvc-2"));
    journal.close("pvc-1");
    time.pass(ofMinutes(1));

    assertThat(journal.pending()).containsExactly(intent("pvc-2"));
    assertThat(cluster.requests()).hasSize(1);
  }

  @Test
  void given_a_full_object_then_the_next_one_is_used_and_all_is_found_and_closed() {
    var large = ByteString.copyFrom(new byte[300 * 1024]);
    for (var i = 0; i < 5; i++) {
      journal.open(intent("pvc-" + i, large));
    }

    assertThat(shardsWithData()).hasSize(3);
    var second = nextLife();
    assertThat(second.pending()).hasSize(5);
    for (var i = 0; i < 5; i++) {
      second.close("pvc-" + i);
    }
    time.pass(ofSeconds(2));
    assertThat(nextLife().pending()).isEmpty();
  }

  @Test
  void given_full_objects_then_what_does_not_fit_is_refused_until_there_is_room() {
    var large = ByteString.copyFrom(new byte[300 * 1024]);
    for (var i = 0; i < 2 * ConfigMapJournal.SHARDS; i++) {
      journal.open(intent("pvc-" + i, large));
    }

    assertThatThrownBy(() -> journal.open(intent("another", large)))
        .isInstanceOf(ApiFailure.Throttled.class)
        .hasMessageContaining("no room for intent");
    journal.open(intent("another"));
    journal.close("pvc-1");
    journal.close("another");
    time.pass(ofSeconds(2));
    journal.open(intent("another", large));

    assertThat(nextLife().pending())
        .hasSize(2 * ConfigMapJournal.SHARDS)
        .contains(intent("another", large))
        .doesNotContain(intent("pvc-1", large));
  }

  /** One name is never in two objects, whatever is full by now. */
  @Test
  void given_an_intent_that_is_replaced_then_it_stays_where_it_was() {
    var large = ByteString.copyFrom(new byte[300 * 1024]);
    journal.open(intent("pvc-1"));
    journal.open(intent("pvc-2", large));
    journal.open(intent("pvc-3", large));
    journal.close("pvc-1");

    journal.open(intent("pvc-1", ByteString.copyFromUtf8("other")));

    assertThat(shardsWithData()).hasSize(1);
    assertThat(nextLife().pending()).contains(intent("pvc-1", ByteString.copyFromUtf8("other")));
  }

  @Test
  void given_a_name_that_is_no_key_then_it_is_kept_all_the_same() {
    journal.open(intent("snapshots/für immer"));

    assertThat(nextLife().pending()).containsExactly(intent("snapshots/für immer"));
    journal.close("snapshots/für immer");
    time.pass(ofSeconds(2));
    assertThat(nextLife().pending()).isEmpty();
  }

  @Test
  void given_an_entry_of_a_later_version_then_it_stays() {
    journal.open(intent("pvc-1"));
    var shard = shardWithData();
    cluster.change(
        ShardObject.KIND,
        shard,
        object -> object.withObjectProperty("data").put("later", "{\"version\":2}"));

    journal.close("pvc-1");
    time.pass(ofSeconds(2));

    assertThat(nextLife().pending()).isEmpty();
    assertThat(cluster.get(ShardObject.KIND, shard).path("data").has("later")).isTrue();
  }

  private ObjectKey shardWithData() {
    return shardsWithData().getFirst();
  }

  private List<ObjectKey> shardsWithData() {
    return cluster.all(ShardObject.KIND).stream()
        .filter(object -> !object.path("data").isEmpty())
        .map(object -> new ObjectKey("kube-system", object.at("/metadata/name").asText()))
        .toList();
  }

  private int writes() {
    return cluster.requests("create").size() + cluster.requests("update").size();
  }

  private void openAndClose(String name) {
    journal.open(intent(name));
    time.sleep(ofMillis(20));
    journal.close(name);
  }

  private List<String> openAllAtOnce(int count, Duration writeTakes) {
    List<String> opened = new ArrayList<>();
    cluster.before = _ -> time.sleep(writeTakes);
    for (var i = 0; i < count; i++) {
      var name = "pvc-" + i;
      time.spawn(
          name,
          () -> {
            journal.open(intent(name));
            opened.add(name);
          });
    }
    time.pass(ofSeconds(10));
    cluster.before = _ -> {};
    return opened;
  }

  private ConfigMapJournal nextLife() {
    return new ConfigMapJournal(cluster, time, LEASE);
  }

  private static Intent intent(String name) {
    return intent(name, ByteString.copyFromUtf8("request of " + name));
  }

  private static Intent intent(String name, ByteString request) {
    var claim = new Intent.Claimant(new ObjectKey("shop", name), "uid-" + name);
    return new Intent(name, claim, request, List.of());
  }

  /** Loses the answer to the first such request. */
  private static final class Once {
    private final String verb;
    private boolean done;

    Once(String verb) {
      this.verb = verb;
    }

    void at(String request) {
      if (!done && request.startsWith(verb)) {
        done = true;
        throw new ApiFailure.Unreachable("no answer", null);
      }
    }
  }
}
