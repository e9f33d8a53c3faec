package io.csi4j.e2e.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.simulator.baton.Life;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One replica of the program under test: a process that is started anew when it has died. */
final class Replica {
  private static final int RESTART_MILLIS_MAX = 5_000;

  private final World world;
  private final String name;
  private int starts;
  private @Nullable Life life;
  private @Nullable Watches watches;

  Replica(World world, String name) {
    this.world = world;
    this.name = name;
  }

  void start() {
    var begun = world.baton().life(name + "." + ++starts);
    var time = world.baton().time(begun);
    var gate = new Gate(world, begun, time);
    var cluster = world.cluster().life(Effects.QUIET);
    var doors =
        new Scenario.Doors(
            new GatedCluster(cluster, gate),
            new GatedDriver(world.driver().life(Effects.QUIET), gate, world, time),
            new GatedJournal(world.journal(), gate, time),
            time,
            begun.name());
    life = begun;
    watches = new Watches(world, begun, cluster, time);
    world.note(begun, "process", "starts");
    time.spawn("main", () -> run(doors, cluster));
  }

  private void run(Scenario.Doors doors, SimulatedCluster.Life cluster) {
    try {
      var controllers = world.scenario().program().build(doors);
      cluster.catchUp();
      controllers.start();
    } catch (ApiFailure e) {
      // A process that cannot start exits, and is started again.
      throw crash(e);
    }
  }

  private Crash crash(ApiFailure why) {
    var current = life;
    if (current == null) {
      throw new IllegalStateException(why);
    }
    world.note("process", why);
    return world.crash(current, "main");
  }

  /** If it was this one's life that has ended, another begins after a while. */
  void ended(Life dead) {
    if (dead == life) {
      watches = null;
      var pause = world.chance("restart " + dead).below(RESTART_MILLIS_MAX, 1, 1);
      world.time().after(Duration.ofMillis(pause), this::start);
    }
  }

  void committed(Kind<?> kind, ObjectKey key, @Nullable ObjectNode after) {
    if (watches != null) {
      watches.committed(kind, key, after);
    }
  }
}
