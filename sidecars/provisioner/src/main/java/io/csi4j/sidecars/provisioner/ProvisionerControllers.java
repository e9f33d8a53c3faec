package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Intent;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.reconcile.ReconcileLoop;
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
  private final ReconcileLoop claims;
  private final ReconcileLoop volumes;
  private volatile boolean closed;

  /** How it is set up. */
  record Setting(
      DriverTraits traits, ClusterView view, Recipe recipe, ProvisionerOptions options) {}

  ProvisionerControllers(World world, Time time, Setting setting) {
    this.world = world;
    this.time = time;
    var doors = new Doors(world.cluster(), world.driver(), world.journal(), time);
    var work = setting.options().work();
    var parts =
        new ClaimReconciler.Parts(
            doors,
            setting.view(),
            setting.traits(),
            setting.recipe(),
            new Preparation(world.cluster(), setting.view(), setting.traits(), setting.recipe()),
            new VolumeMaker(doors, setting.recipe().objects(), unfinished),
            new SourceProtection(world.cluster()),
            new ClaimReconciler.Shared(unfinished, new InHand()),
            new News(world.events(), world.metrics()),
            work.backOff().max(),
            CapacityNews.NOBODY,
            Contest.NONE);
    var limits = new ReconcileLoop.Limits(work.workers(), work.backOff());
    claims =
        new ReconcileLoop(
            "claims", new ClaimReconciler(parts), time, limits, world.queues().of("claims"));
    volumes =
        new ReconcileLoop(
            "volumes", new VolumeReconciler(parts), time, limits, world.queues().of("volumes"));
    setting.view().wake(this);
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
    }
  }

  @Override
  public void close() {
    closed = true;
    claims.close();
    volumes.close();
  }
}
