package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Intent;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.queue.InOrder;
import io.csi4j.sidecars.kit.reconcile.ReconcileLoop;
import io.csi4j.sidecars.kit.reconcile.Reconciler;
import io.csi4j.sidecars.kit.sidecar.Controllers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that works during one term. Nothing is looked at before the journal has said what earlier
 * lives have left unfinished.
 */
final class ProvisionerControllers implements Controllers, ClusterView.Wakes {
  private static final Logger log = LoggerFactory.getLogger(ProvisionerControllers.class);
  private static final Duration JOURNAL_RETRY = Duration.ofSeconds(1);

  private final World world;
  private final Time time;
  private final Unfinished unfinished = new Unfinished();
  private final CallGate gate;
  private final ReconcileLoop claims;
  private final ReconcileLoop volumes;
  private final ReconcileLoop clones;
  private final Optional<ReconcileLoop> nodeLoss;
  private final ClusterView view;
  private final SnapshotSweep sweep;
  private final Optional<CapacityLoops> capacity;
  private final boolean protectsClones;
  private volatile boolean closed;

  /** How it is set up. */
  record Setting(
      DriverTraits traits, ClusterView view, Recipe recipe, ProvisionerOptions options) {}

  ProvisionerControllers(World world, Time time, Setting setting) {
    this.world = world;
    this.time = time;
    this.protectsClones = setting.traits().clones();
    var work = setting.options().work();
    gate = new CallGate(time, world.metrics(), work.workersGiven());
    var driver = new GatedDriver(world.driver(), gate);
    var doors = new Doors(world.cluster(), driver, world.journal(), time);
    // A pod may wait for a claim, and nobody does for what is deleted or tidied up.
    var patient = new Doors(world.yielding(), driver, world.journal(), time);
    var preparation =
        new Preparation(world.cluster(), setting.view(), setting.traits(), setting.recipe());
    capacity = setting.options().capacity().flatMap(options -> capacity(setting, options));
    var capacityNews = capacity.<CapacityNews>map(CapacityLoops::news).orElse(CapacityNews.NOBODY);
    var news = new News(world.events(), world.metrics());
    var parts =
        new ClaimReconciler.Parts(
            doors,
            setting.view(),
            setting.traits(),
            setting.recipe(),
            preparation,
            new VolumeMaker(doors, setting.recipe().objects(), unfinished),
            new SourceProtection(world.cluster()),
            new ClaimReconciler.Shared(unfinished, new InHand()),
            news,
            work.backOff().max(),
            capacityNews,
            contest(setting, doors, preparation, news));
    claims = loop("claims", new ClaimReconciler(parts), work.workers(), setting);
    volumes = loop("volumes", new VolumeReconciler(patient, parts), work.workers(), setting);
    clones =
        loop("clone-sources", new CloneProtection(patient, parts), work.cloneWorkers(), setting);
    view = setting.view();
    nodeLoss =
        setting
            .options()
            .nodeLoss()
            .map(options -> new NodeLossReconciler(doors, view, options, news))
            .map(reconciler -> loop("lost-nodes", reconciler, 1, setting));
    sweep = new SnapshotSweep(patient, parts, work.sweep());
    setting.view().wake(this);
  }

  private ReconcileLoop loop(String name, Reconciler reconciler, int workers, Setting setting) {
    return new ReconcileLoop(
        name,
        reconciler,
        time,
        new ReconcileLoop.Queueing(
            InOrder.leavingRest(workers),
            setting.options().work().backOff(),
            world.queues().of(name)));
  }

  private Optional<CapacityLoops> capacity(Setting setting, CapacityOptions options) {
    if (!setting.traits().tellsCapacity()) {
      log.atWarn()
          .log("the driver does not tell its capacity (GET_CAPACITY), so nothing is published");
      return Optional.empty();
    }
    return Optional.of(new CapacityLoops(world, time, setting, options));
  }

  private static Contest contest(Setting setting, Doors doors, Preparation preparation, News news) {
    var local = setting.view().local();
    return local == null
        ? Contest.NONE
        : setting
            .options()
            .node()
            .<Contest>map(options -> new NodeContest(doors, preparation, local, options, news))
            .orElse(Contest.NONE);
  }

  @Override
  public void start() {
    time.spawn("csi4j-unfinished", this::begin);
  }

  private void begin() {
    for (var pending = pending(); !closed; pending = pending()) {
      if (pending.isPresent()) {
        pending.get().forEach(this::remember);
        claims.start();
        volumes.start();
        if (protectsClones) {
          clones.start();
        }
        sweep.start();
        capacity.ifPresent(CapacityLoops::start);
        nodeLoss.ifPresent(ReconcileLoop::start);
        return;
      }
      time.sleep(JOURNAL_RETRY);
    }
  }

  private Optional<List<Intent>> pending() {
    try {
      return Optional.of(world.journal().pending());
    } catch (ApiFailure e) {
      log.atWarn()
          .addKeyValue("next", JOURNAL_RETRY)
          .addKeyValue("reason", e.getMessage())
          .log("could not read what is unfinished");
      return Optional.empty();
    }
  }

  private void remember(Intent intent) {
    try {
      var attempt = Attempt.of(intent);
      unfinished.add(attempt).called = true;
      log.atInfo()
          .addKeyValue("volume", attempt.name())
          .addKeyValue("claim", attempt.claim())
          .log("an earlier life may have made this volume, asking the driver again");
      claims.add(attempt.claim());
    } catch (IllegalArgumentException e) {
      log.atWarn().addKeyValue("reason", e.getMessage()).log("left an intent alone");
    }
  }

  @Override
  public void claim(@Nullable Claim claim) {
    if (claim != null) {
      claims.add(claim.key());
    }
  }

  @Override
  public void volume(@Nullable Volume volume) {
    if (volume != null) {
      volumes.add(volume.key());
      nodeLoss.ifPresent(loop -> loop.add(volume.key()));
    }
  }

  @Override
  public void source(ObjectKey claim) {
    if (protectsClones) {
      clones.add(claim);
    }
  }

  @Override
  public void places() {
    capacity.ifPresent(CapacityLoops::placesChanged);
  }

  @Override
  public void nodeGone() {
    nodeLoss.ifPresent(loop -> view.placedVolumes().forEach(volume -> loop.add(volume.key())));
  }

  @Override
  public void close() {
    closed = true;
    unfinished.close();
    gate.close();
    sweep.close();
    capacity.ifPresent(CapacityLoops::close);
    nodeLoss.ifPresent(ReconcileLoop::close);
    claims.close();
    volumes.close();
    clones.close();
  }
}
