package io.csi4j.e2e.simulator;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import io.csi4j.e2e.simulator.Scenario.UserAction;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.Journal;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.journal.MemoryJournal;
import io.csi4j.sidecars.kit.queue.BackOff;
import io.csi4j.sidecars.kit.reconcile.ReconcileLoop;
import io.csi4j.sidecars.kit.sidecar.Controllers;
import java.util.ArrayList;
import java.util.List;

/** Claims come and go while the example works. */
final class ExampleScenario {
  private ExampleScenario() {}

  /** Intents survive a crash. */
  static Scenario withIntents() {
    return scenario("example", doors -> controllers(doors, doors.journal()));
  }

  /** What is under way is known to the process alone, and forgotten with it. */
  static Scenario withoutIntents() {
    return scenario("example-without-intents", doors -> controllers(doors, new MemoryJournal()));
  }

  /** Two replicas, of which one works. */
  static Scenario elected() {
    return scenario("example-elected", doors -> controllers(doors, doors.journal())).replicas(2);
  }

  private static Scenario scenario(String name, Scenario.Program program) {
    return Scenario.of(name, program)
        .users(ExampleScenario::users)
        .holds(Invariants.NOTHING_LEAKED, Invariants.NOTHING_LOST, Invariants.INTENTS_CLOSED)
        .holds(
            Invariant.atRest(
                "a volume for each claim",
                world ->
                    world.cluster().all(Volume.KIND).size()
                            == world.cluster().all(Claim.KIND).size()
                        ? List.of()
                        : List.of("volumes: " + world.cluster().all(Volume.KIND))));
  }

  private static List<UserAction> users(Scenario.Draw draw) {
    var actions = new ArrayList<UserAction>();
    for (var n = 0; n < draw.size(); n++) {
      var key = new ObjectKey("ns", "claim-" + n);
      var born = draw.moment(ofSeconds(0), ofSeconds(20));
      actions.add(
          new UserAction(
              born,
              "creates " + key,
              world ->
                  world
                      .cluster()
                      .put(Claim.KIND, SimulatedCluster.object(key.namespace(), key.name()))));
      if (draw.random().nextInt(3) > 0) {
        actions.add(
            new UserAction(
                born.plus(draw.moment(ofSeconds(0), ofSeconds(30))),
                "deletes " + key,
                world -> {
                  if (world.cluster().has(Claim.KIND, key)) {
                    world.cluster().delete(Claim.KIND, key);
                  }
                }));
      }
    }
    return actions;
  }

  private static Controllers controllers(Scenario.Doors doors, Journal journal) {
    var reconciler = new ExampleReconciler(doors, journal);
    var loop =
        new ReconcileLoop(
            "claims", reconciler, doors.time(), 4, new BackOff(ofSeconds(1), ofMinutes(5)));
    doors
        .cluster()
        .table(Claim.KIND)
        .onChange(
            (before, after) -> {
              var claim = after == null ? before : after;
              if (claim != null) {
                loop.add(claim.key());
              }
            });
    doors
        .cluster()
        .table(Volume.KIND)
        .onChange(
            (_, after) -> {
              if (after != null) {
                loop.add(ExampleReconciler.claimOf(after.meta().name()));
              }
            });
    journal.pending().forEach(intent -> loop.add(ExampleReconciler.claimOf(intent.name())));
    return new Controllers() {
      @Override
      public void start() {
        loop.start();
      }

      @Override
      public void close() {
        loop.close();
      }
    };
  }
}
