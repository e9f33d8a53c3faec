package io.csi4j.e2e.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.simulator.baton.Baton;
import io.csi4j.e2e.simulator.baton.Chance;
import io.csi4j.e2e.simulator.baton.Life;
import io.csi4j.e2e.simulator.baton.Order;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.journal.MemoryJournal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that is there in one run: the cluster, the driver and the journal, which outlive every
 * process, and the processes. Scenarios read and change it as users and other components do;
 * nothing they do goes wrong.
 */
public final class World implements AutoCloseable {
  private static final long TURNS_MAX = 200_000;

  /** Longer than the longest pause of a controller: who does nothing this long has settled. */
  private static final Duration CALM = Duration.ofMinutes(6);

  private static final Duration TROUBLE = Duration.ofSeconds(60);
  private static final Duration PATIENCE = Duration.ofHours(3);
  private static final int ACTOR_DELAY_MILLIS_MAX = 500;

  /** Made for ever, at intervals; what follows from it is progress. */
  private static final String LOOKING_AROUND = "ListVolumes";

  private final Scenario scenario;
  private final Plan plan;
  private final Chance chance;
  private final Baton baton;
  private final Faults faults;
  private final Time time;
  private final Trace trace = new Trace();
  private final Backend backend = new Backend();
  private final Leases leases = new Leases();
  private final SimulatedCluster cluster = new SimulatedCluster();
  private final SimulatedDriver driver = new SimulatedDriver();
  private final MemoryJournal journal = new MemoryJournal();
  private final List<Replica> replicas = new ArrayList<>();
  private final List<Invariant> always;
  private final Set<String> looking = new HashSet<>();
  private long effects;

  /** Effects other than those of the election and of looking around, which never rest. */
  private long progress;

  private int actionsDrawn;

  /** To be made on the thread that conducts it. */
  World(Scenario scenario, Plan plan) {
    this.scenario = scenario;
    this.plan = plan;
    this.chance = new Chance(plan.seed());
    var order =
        switch (plan.order()) {
          case SEEDED -> Order.seeded(chance.of("order"));
          case CALM -> Order.CALM;
        };
    this.baton = new Baton(order, chance, TURNS_MAX);
    this.time = baton.time(baton.life("world"));
    this.faults = new Faults(chance.of("faults"), plan.faults());
    this.always =
        scenario.invariants().stream()
            .filter(each -> each.when() == Invariant.When.ALWAYS)
            .toList();
  }

  /** From the first moment until all has come to rest; throws where an invariant is broken. */
  void live() {
    scenario.before().accept(this);
    cluster.onCommit(this::committed);
    scheduleUsers();
    for (var n = 0; n < scenario.replicas(); n++) {
      replicas.add(new Replica(this, Character.toString('a' + n)));
    }
    replicas.forEach(Replica::start);
    baton.passUntil(TROUBLE.toNanos());
    faults.stop();
    rest();
    for (var invariant : scenario.invariants()) {
      invariant.check(this);
    }
  }

  private void scheduleUsers() {
    var bits = Long.SIZE - Long.numberOfLeadingZeros(plan.seed());
    var actions = scenario.users().draw(new Scenario.Draw(chance.stream("users"), 1 + bits / 3));
    actionsDrawn = actions.size();
    for (var number = 0; number < actions.size(); number++) {
      if (plan.actions().isEmpty() || plan.actions().get().contains(number)) {
        var action = actions.get(number);
        time.after(
            action.at(),
            () -> {
              note("user", action.what());
              action.act().accept(this);
            });
      }
    }
  }

  private void rest() {
    var before = -1L;
    while (before != progress) {
      if (baton.nanos() > PATIENCE.toNanos()) {
        throw new Violation.Found(
            new Violation("comes to rest", "still at work after " + PATIENCE));
      }
      before = progress;
      baton.passUntil(baton.nanos() + CALM.toNanos());
    }
  }

  private void committed(Kind<?> kind, ObjectKey key, @Nullable ObjectNode after) {
    leases.committed(kind, after);
    for (var replica : replicas) {
      replica.committed(kind, key, after);
    }
    for (var actor : scenario.actors()) {
      if (looking.add(actor.name())) {
        var delay = chance.below(ACTOR_DELAY_MILLIS_MAX, Chance.number(actor.name()), effects);
        time.after(
            Duration.ofMillis(delay),
            () -> {
              looking.remove(actor.name());
              actor.look().accept(this);
            });
      }
    }
  }

  public SimulatedCluster cluster() {
    return cluster;
  }

  public SimulatedDriver driver() {
    return driver;
  }

  public MemoryJournal journal() {
    return journal;
  }

  Scenario scenario() {
    return scenario;
  }

  Baton baton() {
    return baton;
  }

  Faults faults() {
    return faults;
  }

  Leases leases() {
    return leases;
  }

  Backend backend() {
    return backend;
  }

  /** The time of what never dies. */
  Time time() {
    return time;
  }

  Chance chance(String what) {
    return new Chance(chance.bits(Chance.number(what), effects));
  }

  Trace trace() {
    return trace;
  }

  /** How often a process has called through a door. */
  long effects() {
    return effects;
  }

  int actionsDrawn() {
    return actionsDrawn;
  }

  Map<String, Fault> faultsUsed() {
    return faults.used();
  }

  void effect(String call, @Nullable Fault fault) {
    effects++;
    if (!Leases.isOfElection(call) && !call.equals(LOOKING_AROUND)) {
      progress++;
    }
    trace.add(baton.nanos(), baton.who(), call, fault == null ? "" : fault);
  }

  void note(Object what, Object how) {
    trace.add(baton.nanos(), baton.who(), what.toString(), how);
  }

  void note(Life who, String what, Object how) {
    trace.add(baton.nanos(), who.name(), what, how);
  }

  /** Something has been done to the world. */
  void done() {
    for (var invariant : always) {
      invariant.check(this);
    }
  }

  void violated(Optional<Violation> violation) {
    violation.ifPresent(
        found -> {
          throw new Violation.Found(found);
        });
  }

  /** Ends a process; to be thrown by whoever was its fiber. */
  Crash crash(Life life, String where) {
    note(life, "process", "dies");
    baton.end(life);
    replicas.forEach(each -> each.ended(life));
    return new Crash(where);
  }

  @Override
  public void close() {
    baton.close();
  }
}
