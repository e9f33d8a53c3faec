package io.csi4j.e2e.simulator;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.csi4j.proto.csi.v1.CreateVolumeRequest;
import io.csi4j.proto.csi.v1.DeleteVolumeRequest;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.Intent;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.sidecar.Controllers;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Each invariant, broken by a program that does just that. */
class InvariantsTest {
  private static final Plan NO_FAULTS = Plan.parse("seed 1; calm; faults");

  @Test
  void given_a_program_that_does_nothing_then_nothing_is_broken() {
    assertThat(broken(_ -> {}, NO_FAULTS)).isEmpty();
  }

  @Test
  void given_a_volume_that_no_object_names_then_it_has_leaked() {
    assertThat(broken(doors -> doors.driver().createVolume(request("v", 1)), NO_FAULTS))
        .contains("nothing leaked");
  }

  @Test
  void given_an_object_without_a_volume_then_it_is_lost() {
    Consumer<Scenario.Doors> deletesTooSoon =
        doors -> {
          doors.driver().createVolume(request("v", 1));
          doors.cluster().create(Volume.KIND, object("v"));
          doors
              .driver()
              .deleteVolume(DeleteVolumeRequest.newBuilder().setVolumeId("id-of-v").build());
        };

    assertThat(broken(deletesTooSoon, NO_FAULTS)).contains("nothing lost");
  }

  @Test
  void given_an_intent_that_is_never_closed_then_that_shows() {
    var claimant = new Intent.Claimant(new ObjectKey("ns", "c"), "uid");

    assertThat(
            broken(
                doors ->
                    doors.journal().open(new Intent("v", claimant, ByteString.EMPTY, List.of())),
                NO_FAULTS))
        .contains("intents are closed");
  }

  @Test
  void given_an_object_whose_deletion_never_ends_then_that_shows() {
    Consumer<Scenario.Doors> forgetsItsFinalizer =
        doors -> {
          var object = object("v");
          object.withObject("/metadata").putArray("finalizers").add("mine");
          doors.driver().createVolume(request("v", 1));
          var stored = doors.cluster().create(Volume.KIND, object);
          doors.cluster().delete(Volume.KIND, stored.key(), stored.meta().uid());
        };

    assertThat(broken(forgetsItsFinalizer, NO_FAULTS)).contains("what was deleted goes");
  }

  @Test
  void given_two_calls_about_one_volume_at_a_time_then_that_shows() {
    Consumer<Scenario.Doors> twice =
        doors -> {
          for (var name : List.of("one", "two")) {
            doors.time().spawn(name, () -> doors.driver().createVolume(request("v", 1)));
          }
        };

    assertThat(
            broken(twice, Plan.parse("seed 1; faults; CreateVolume id-of-v #1 = slow 100ms 0ms")))
        .contains("one call per volume");
  }

  @Test
  void given_a_repeat_with_another_request_while_the_first_is_in_doubt_then_that_shows() {
    Consumer<Scenario.Doors> changesItsMind =
        doors -> {
          doors.driver().createVolume(request("v", 1));
          doors.driver().createVolume(request("v", 2));
        };
    var timesOut = Plan.parse("seed 1; faults; CreateVolume id-of-v #1 = times-out 60000ms");

    assertThat(broken(changesItsMind, timesOut)).contains("a repeat is the same call");
  }

  @Test
  void given_a_program_that_is_never_done_then_it_does_not_come_to_rest() {
    Consumer<Scenario.Doors> polls =
        doors -> {
          while (true) {
            doors.cluster().read(Volume.KIND, ObjectKey.cluster("v"));
            doors.time().sleep(ofSeconds(30));
          }
        };

    assertThat(broken(polls, NO_FAULTS)).contains("comes to rest");
  }

  @Test
  void given_a_bug_that_ends_a_fiber_then_that_shows() {
    Consumer<Scenario.Doors> buggy =
        doors ->
            doors
                .time()
                .spawn(
                    "buggy",
                    () -> {
                      throw new IllegalStateException("a bug");
                    });

    assertThat(broken(buggy, NO_FAULTS)).contains("no bug ends a fiber");
  }

  @Test
  void given_an_always_then_it_is_asked_after_each_effect() {
    Consumer<Scenario.Doors> neverSaysSo =
        doors -> {
          doors.driver().createVolume(request("v", 1));
          doors.cluster().create(Volume.KIND, object("v"));
        };
    var scenario = scenario(neverSaysSo).holds(Invariants.NEVER_UNACCOUNTED);

    assertThat(new Simulation(scenario).run(NO_FAULTS).violation().map(Violation::invariant))
        .contains("nothing on the storage is unaccounted for");
  }

  private static Optional<String> broken(Consumer<Scenario.Doors> program, Plan plan) {
    return new Simulation(scenario(program)).run(plan).violation().map(Violation::invariant);
  }

  private static Scenario scenario(Consumer<Scenario.Doors> program) {
    return Scenario.of(
            "broken",
            doors -> new Starts(() -> doors.time().spawn("it", () -> program.accept(doors))))
        .holds(Invariants.NOTHING_LEAKED, Invariants.NOTHING_LOST, Invariants.INTENTS_CLOSED)
        .holds(Invariants.deletionsDone(Volume.KIND));
  }

  private static CreateVolumeRequest request(String name, long bytes) {
    var request = CreateVolumeRequest.newBuilder().setName(name);
    request.getCapacityRangeBuilder().setRequiredBytes(bytes);
    return request.build();
  }

  private static com.fasterxml.jackson.databind.node.ObjectNode object(String name) {
    var object = SimulatedCluster.object("", name);
    object.withObject("/spec/csi").put("volumeHandle", SimulatedDriver.idOf(name));
    return object;
  }

  private record Starts(Runnable what) implements Controllers {
    @Override
    public void start() {
      what.run();
    }

    @Override
    public void close() {}
  }
}
