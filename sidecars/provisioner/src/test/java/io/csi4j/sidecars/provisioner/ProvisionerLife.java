package io.csi4j.sidecars.provisioner;

import io.csi4j.e2e.simulator.Crash;
import io.csi4j.e2e.simulator.Effects;
import io.csi4j.e2e.simulator.SimulatedCluster;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Driver;
import io.csi4j.sidecars.kit.doors.Journal;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.events.Event;
import io.csi4j.sidecars.kit.journal.ConfigMapJournal;
import io.csi4j.sidecars.kit.metrics.Metrics;
import io.csi4j.sidecars.kit.metrics.QueueMetrics;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.sidecar.Controllers;
import io.csi4j.sidecars.kit.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A provisioner on simulated doors, from its start to its end or crash; cluster and driver outlive
 * it.
 */
final class ProvisionerLife {
  private static final Duration STEP = Duration.ofMillis(500);

  /** Beside this lease are the intents. */
  static final ObjectKey LEASE = new ObjectKey("csi", "disk-example-com");

  private final ManualTime time = new ManualTime();
  private final Metrics metrics = new Metrics(Instant.EPOCH);
  private final List<Event> events = new ArrayList<>();
  private final SimulatedCluster cluster;
  private final Controllers controllers;
  private boolean started;

  /** What a life is made of. */
  record Setup(SimulatedCluster cluster, Driver driver, Stage stage) {}

  ProvisionerLife(Setup setup, Effects effects, JournalDoor journals) {
    this(setup, setup.cluster().life(effects), null, journals);
  }

  /**
   * @param patient the door for what nobody waits for; missing where that has none of its own
   */
  private ProvisionerLife(
      Setup setup, Cluster door, @Nullable Cluster patient, JournalDoor journals) {
    this.cluster = setup.cluster();
    var written = setup.stage().events(door, time);
    var world =
        new Controllers.World(
            setup.stage().identity(),
            door,
            patient == null ? door : patient,
            setup.driver(),
            journals.of(new ConfigMapJournal(door, time, LEASE)),
            event -> {
              events.add(event);
              written.record(event);
            },
            metrics,
            new QueueMetrics(metrics, time),
            _ -> door);
    controllers =
        Provisioner.controllers(
            world, Flags.parse(setup.stage().flags()), setup.stage().surroundings(), time);
  }

  /** One in which who yields never gets a turn. */
  static ProvisionerLife amongOthers(Setup setup) {
    var cluster = setup.cluster();
    return new ProvisionerLife(
        setup, cluster.life(Effects.QUIET), cluster.life(Effects.NO_TURN), JournalDoor.REAL);
  }

  /** What becomes of the journal in a test that cuts it out. */
  @FunctionalInterface
  interface JournalDoor {
    JournalDoor REAL = journal -> journal;

    Journal of(Journal journal);
  }

  /** Works until this much time has passed or the process has died; says whether it lives. */
  boolean live(Duration duration) {
    try {
      cluster.deliver();
      if (!started) {
        started = true;
        controllers.start();
      }
      for (var left = duration; left.isPositive(); left = left.minus(STEP)) {
        cluster.deliver();
        time.pass(left.compareTo(STEP) < 0 ? left : STEP);
      }
      return true;
    } catch (Crash _) {
      return false;
    }
  }

  /** Ends as a process that was asked to: what is in hand is finished. */
  void end() {
    controllers.close();
  }

  List<Event> events() {
    return List.copyOf(events);
  }

  /** Reasons of all events, in order. */
  List<String> reasons() {
    return events.stream().map(Event::reason).toList();
  }

  String metrics() {
    return metrics.scrape();
  }

  ManualTime time() {
    return time;
  }
}
