package io.csi4j.e2e.simulator;

import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.Driver;
import io.csi4j.sidecars.kit.doors.Journal;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.sidecar.Controllers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A world to run controllers in: what is there at first, the program under test, what users and
 * other components do, and what must hold.
 *
 * @param replicas more than one stand for election, and only the leader's controllers work
 * @param before makes the objects that are there before anything runs
 */
public record Scenario(
    String name,
    Program program,
    Calls driver,
    int replicas,
    Consumer<World> before,
    Users users,
    List<Actor> actors,
    List<Invariant> invariants) {

  public Scenario {
    actors = List.copyOf(actors);
    invariants = List.copyOf(invariants);
  }

  /** Builds the controllers of one life of the process; tables are filled before they start. */
  @FunctionalInterface
  public interface Program {
    Controllers build(Doors doors);
  }

  /** All that a process has of the world. */
  public record Doors(Cluster cluster, Driver driver, Journal journal, Time time, String life) {}

  /** How calls to the driver end without an answer. */
  public record Calls(Duration timeout, Set<Code> inDoubt) {}

  /** Draws what users do; the same draw, the same actions. */
  @FunctionalInterface
  public interface Users {
    List<UserAction> draw(Draw draw);
  }

  /**
   * Chance for what users do.
   *
   * @param size grows with the seed, so that the first seed that fails is a small one
   */
  public record Draw(RandomGenerator random, int size) {

    /** A moment in the time in which things go wrong. */
    public Duration moment(Duration from, Duration to) {
      return Duration.ofMillis(random.nextLong(from.toMillis(), to.toMillis()));
    }
  }

  /** What a user does at a moment. */
  public record UserAction(Duration at, String what, Consumer<World> act) {}

  /**
   * Another component: looks at the world a while after each change and does what is to be done,
   * knowing nothing but what is there.
   */
  public record Actor(String name, Consumer<World> look) {}

  public static Scenario of(String name, Program program) {
    var calls =
        new Calls(
            Duration.ofSeconds(10),
            Set.of(Code.CANCELED, Code.DEADLINE_EXCEEDED, Code.ABORTED, Code.UNAVAILABLE));
    return new Scenario(name, program, calls, 1, _ -> {}, _ -> List.of(), List.of(), List.of());
  }

  public Scenario calls(Calls calls) {
    return new Scenario(name, program, calls, replicas, before, users, actors, invariants);
  }

  public Scenario replicas(int number) {
    return new Scenario(name, program, driver, number, before, users, actors, invariants);
  }

  public Scenario before(Consumer<World> objects) {
    return new Scenario(name, program, driver, replicas, objects, users, actors, invariants);
  }

  public Scenario users(Users doings) {
    return new Scenario(name, program, driver, replicas, before, doings, actors, invariants);
  }

  public Scenario actor(String title, Consumer<World> look) {
    var more = new ArrayList<>(actors);
    more.add(new Actor(title, look));
    return new Scenario(name, program, driver, replicas, before, users, more, invariants);
  }

  public Scenario holds(Invariant... must) {
    var more = new ArrayList<>(invariants);
    more.addAll(List.of(must));
    return new Scenario(name, program, driver, replicas, before, users, actors, more);
  }
}
