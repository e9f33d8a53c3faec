package io.csi4j.e2e.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.simulator.Faults.Door;
import io.csi4j.e2e.simulator.baton.Life;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Time;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The watches of one process. Events of one kind arrive in order, some late; where a watch breaks
 * nothing arrives until all is listed anew.
 */
final class Watches {
  private static final int USUAL_DELAY_MILLIS_MAX = 40;

  private final World world;
  private final Life life;
  private final SimulatedCluster.Life tables;
  private final Time time;
  private final Map<String, Watch> watches = new HashMap<>();

  Watches(World world, Life life, SimulatedCluster.Life tables, Time time) {
    this.world = world;
    this.life = life;
    this.tables = tables;
    this.time = time;
  }

  void committed(Kind<?> kind, ObjectKey key, @Nullable ObjectNode after) {
    if (life.dead() || !tables.watches(kind)) {
      return;
    }
    var watch = watches.computeIfAbsent(SimulatedCluster.nameOf(kind), _ -> new Watch());
    if (watch.gone) {
      return;
    }
    var call = "watch " + kind.plural() + " " + key;
    var usual = Duration.ofMillis(world.chance(call).below(USUAL_DELAY_MILLIS_MAX, 1, 1));
    switch (world.faults().at(Door.WATCH, call)) {
      case null -> at(watch, usual, () -> tables.show(kind, key, after));
      case Fault.Late late -> {
        world.note(life, call, late);
        at(watch, late.by(), () -> tables.show(kind, key, after));
      }
      case Fault.WatchGone gone -> {
        world.note(life, call, gone);
        watch.gone = true;
        at(
            watch,
            gone.length(),
            () -> {
              watch.gone = false;
              tables.relist(kind);
            });
      }
      case Fault other -> throw Gate.misplaced(call, other);
    }
  }

  /** Never before what came earlier. */
  private void at(Watch watch, Duration delay, Runnable arrival) {
    watch.lastNanos = Math.max(watch.lastNanos, time.nanos() + delay.toNanos());
    time.after(Duration.ofNanos(watch.lastNanos - time.nanos()), arrival);
  }

  private static final class Watch {
    private long lastNanos;
    private boolean gone;
  }
}
