package io.csi4j.sidecars.kit.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.sidecars.kit.doors.FakeCluster;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.events.Event;
import io.csi4j.sidecars.kit.time.ManualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LeaseEventsTest {

  @Test
  void given_a_term_then_its_beginning_and_end_are_told_on_the_lease() throws InterruptedException {
    List<Event> events = new ArrayList<>();
    var elector =
        new Elector(
            new FakeCluster(),
            new ManualTime(),
            new Candidate(new ObjectKey("n", "l"), "pod-1", Map.of()),
            LeaseTiming.DEFAULT,
            OnLoss.STEP_DOWN,
            new LeaseEvents(events::add));

    elector.lead(_ -> {});

    assertThat(events)
        .extracting(Event::message)
        .containsExactly("pod-1 became leader", "pod-1 stopped leading");
    assertThat(events)
        .allMatch(each -> each.reason().equals("LeaderElection"))
        .allMatch(each -> each.type() == Event.Type.NORMAL)
        .allMatch(each -> each.about().kind().equals("Lease"))
        .allMatch(each -> each.about().apiVersion().equals("coordination.k8s.io/v1"))
        .allMatch(each -> each.about().uid().equals("uid-101"));
  }
}
