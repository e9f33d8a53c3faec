package io.csi4j.e2e.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.simulator.baton.Life;
import io.csi4j.sidecars.kit.cluster.Pod;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.lease.Election;
import io.csi4j.sidecars.kit.lease.ElectionOptions;
import io.csi4j.sidecars.kit.lease.Leadership;
import io.csi4j.sidecars.kit.lease.LeaseTiming;
import io.csi4j.sidecars.kit.lease.OnLoss;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One replica of the program under test: a process that is started anew when it has died. */
final class Replica {
  private static final int RESTART_MILLIS_MAX = 5_000;
  private static final String NAMESPACE = "csi";
  private static final ElectionOptions ELECTION =
      new ElectionOptions(true, NAMESPACE, LeaseTiming.DEFAULT, Map.of(), OnLoss.STEP_DOWN);

  private final World world;
  private final String name;
  private final List<Watches> watches = new ArrayList<>();
  private int starts;
  private @Nullable Life life;

  Replica(World world, String name) {
    this.world = world;
    this.name = name;
  }

  void start() {
    var begun = world.baton().life(name + "." + ++starts);
    var time = world.baton().time(begun);
    var process = new Running(begun, time, new Gate(world, begun, time, name));
    life = begun;
    world.note(begun, "process", "starts");
    time.spawn("main", () -> main(process));
  }

  /** If it was this one's life that has ended, another begins after a while. */
  void ended(Life dead) {
    if (dead == life) {
      watches.clear();
      var pause = world.chance("restart " + dead).below(RESTART_MILLIS_MAX, 1, 1);
      world.time().after(Duration.ofMillis(pause), this::start);
    }
  }

  void committed(Kind<?> kind, ObjectKey key, @Nullable ObjectNode after) {
    for (var watch : watches) {
      watch.committed(kind, key, after);
    }
  }

  private record Running(Life life, Time time, Gate gate) {}

  private void main(Running process) {
    try {
      if (world.scenario().replicas() == 1) {
        work(process);
      } else {
        election(process);
      }
    } catch (ApiFailure e) {
      // A process that cannot start exits, and is started again.
      world.note("process", e);
      throw world.crash(process.life(), "main");
    }
  }

  private void work(Running process) {
    var cluster = world.cluster().life(Effects.QUIET);
    var controllers = world.scenario().program().build(doors(process, cluster, _ -> {}));
    watch(process, cluster);
    controllers.start();
  }

  private void election(Running process) {
    var seen = world.cluster().life(Effects.QUIET);
    watch(process, seen);
    var leases = new GatedCluster(seen, process.gate());
    try (var election = new Election(ELECTION, process.time(), new Pod(name, NAMESPACE))) {
      election.campaign("disk", leases, term -> lead(process, term));
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a fiber", e);
    }
  }

  /** As a sidecar does in each of its terms. */
  private void lead(Running process, Leadership term) {
    var cluster = world.cluster().life(Effects.QUIET);
    var open = doors(process, cluster, term::check);
    var fenced =
        new Scenario.Doors(
            term.fence(open.cluster()),
            term.fence(open.driver()),
            open.journal(),
            open.time(),
            open.life());
    try (var controllers = world.scenario().program().build(fenced)) {
      watch(process, cluster);
      controllers.start();
      term.awaitEnd();
    }
  }

  private Scenario.Doors doors(
      Running process, SimulatedCluster.Life cluster, Consumer<String> fence) {
    return new Scenario.Doors(
        new GatedCluster(cluster, process.gate()),
        new GatedDriver(world.driver().life(Effects.QUIET), process.gate(), world, process.time()),
        new GatedJournal(world.journal(), process.gate(), process.time(), fence),
        process.time(),
        process.life().name());
  }

  private void watch(Running process, SimulatedCluster.Life cluster) {
    cluster.catchUp();
    watches.add(new Watches(world, process.life(), cluster, process.time()));
  }
}
