package io.csi4j.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.e2e.sandbox.actors.history.CsiCall;
import io.csi4j.e2e.sandbox.actors.history.Entry;
import io.csi4j.e2e.sandbox.faults.Trace;
import io.csi4j.e2e.sandbox.faults.WriteCall;
import io.csi4j.proto.csi.v1.ProbeRequest;
import io.grpc.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CallSummaryTest {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  private final List<Entry> entries = new ArrayList<>();

  @Test
  void given_calls_then_each_method_once_with_how_often_and_how_long_at_most() {
    call("CreateVolume", 0, 20, Status.Code.OK, Status.Code.OK);
    call("CreateVolume", 30, 70, Status.Code.OK, Status.Code.OK);
    call("DeleteVolume", 80, 81, Status.Code.UNKNOWN, Status.Code.INTERNAL);
    call("NodeStageVolume", 82, 85, Status.Code.OK, Status.Code.DEADLINE_EXCEEDED);
    call("Probe", 90, 91, Status.Code.OK, Status.Code.OK);

    assertThat(summary(0, 1000))
        .containsExactly(
            "driver: CreateVolume x2 40 ms at most, DeleteVolume (INTERNAL) 1 ms,"
                + " NodeStageVolume (the caller never heard) 3 ms");
  }

  @Test
  void given_writes_then_a_line_for_each_who_wrote_and_refusals_are_told() {
    write("kubernetes-admin", "create", "pods", 201);
    write("system:serviceaccount:kube-system:csi4j-attacher", "patch", "volumeattachments", 200);
    write("system:serviceaccount:kube-system:csi4j-attacher", "patch", "volumeattachments", 200);
    write("system:serviceaccount:kube-system:csi4j-attacher", "patch", "nodes", 409);
    write("system:node:n", "create", "events", 201);

    assertThat(summary(0, 1000))
        .containsExactly(
            "user: create pods",
            "csi4j-attacher: patch volumeattachments x2, patch nodes (refused: 409)");
  }

  @Test
  void given_a_call_that_ended_before_or_after_the_step_then_it_is_not_part_of_it() {
    call("CreateVolume", 0, 9, Status.Code.OK, Status.Code.OK);
    call("DeleteVolume", 5, 20, Status.Code.OK, Status.Code.OK);
    call("NodeStageVolume", 15, 30, Status.Code.OK, Status.Code.OK);

    assertThat(summary(10, 30)).containsExactly("driver: DeleteVolume 15 ms");
  }

  @Test
  void given_a_history_then_its_newest_entry_in_words() {
    assertThat(CallSummary.newest(entries)).isEmpty();
    call("CreateVolume", 0, 9, Status.Code.OK, Status.Code.OK);
    assertThat(CallSummary.newest(entries)).isEqualTo("CreateVolume OK");
    write("kubernetes-admin", "create", "pods", 201);
    assertThat(CallSummary.newest(entries)).isEqualTo("user: create pods");
  }

  private List<String> summary(long fromMillis, long toMillis) {
    return CallSummary.of(entries, BEGIN.plusMillis(fromMillis), BEGIN.plusMillis(toMillis));
  }

  private void call(String method, long from, long to, Status.Code effect, Status.Code told) {
    var call =
        new CsiCall(
            "node",
            method,
            "v",
            "",
            Optional.empty(),
            Optional.empty(),
            ProbeRequest.getDefaultInstance());
    var paths = new Entry.Paths(false, false);
    var begin = new Entry.Started(entries.size() + 1L, BEGIN.plusMillis(from), call, paths);
    entries.add(begin);
    entries.add(
        new Entry.Ended(
            entries.size() + 1L,
            BEGIN.plusMillis(to),
            begin.number(),
            call,
            effect,
            told,
            Optional.empty(),
            paths));
  }

  private void write(String user, String verb, String resource, int code) {
    var number = entries.size() + 1L;
    var call = new WriteCall(user, verb, "", resource, "default", "x");
    entries.add(
        new Entry.Write(
            number, BEGIN, new Trace.Line(number, BEGIN, call, code, Optional.empty())));
  }
}
