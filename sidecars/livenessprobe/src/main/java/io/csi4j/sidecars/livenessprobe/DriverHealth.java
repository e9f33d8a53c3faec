package io.csi4j.sidecars.livenessprobe;

import io.csi4j.sidecars.kit.csi.FreshProbe;
import io.csi4j.sidecars.kit.csi.FreshProbe.Health;
import io.csi4j.sidecars.livenessprobe.HealthView.Sight;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the driver for every question anew, and remembers whether it has ever been ready. */
final class DriverHealth {
  private static final Logger log = LoggerFactory.getLogger(DriverHealth.class);
  private static final int REMIND_EVERY = 10;

  private final FreshProbe probe;
  private final Duration limit;

  /** Set once, when the driver has said its name. */
  private volatile boolean met;

  /** Set once, with the first good answer. */
  private volatile boolean onceReady;

  // Both are guarded by this object.
  private String trouble = "";
  private int repeated;

  DriverHealth(FreshProbe probe, Duration limit) {
    this.probe = probe;
    this.limit = limit;
  }

  void driverMet() {
    met = true;
  }

  /** One Probe, if the driver has been met. */
  Sight look() {
    if (!met) {
      return new Sight.NeverMet();
    }
    var health = probe.probe(limit);
    note(health);
    var before = onceReady;
    if (health instanceof Health.Healthy) {
      onceReady = true;
    }
    return before ? new Sight.OnceReady(health) : new Sight.NeverReady(health);
  }

  /** A line when something changes, and a reminder now and then: kubelet asks every few seconds. */
  private synchronized void note(Health health) {
    if (health instanceof Health.Healthy) {
      log.atTrace().log("probe succeeded");
      if (!trouble.isEmpty()) {
        log.atInfo().addKeyValue("after", trouble).log("the driver is well again");
      }
      trouble = "";
      return;
    }
    var reason = HealthView.words(health);
    repeated = reason.equals(trouble) ? repeated + 1 : 0;
    trouble = reason;
    if (repeated % REMIND_EVERY == 0) {
      log.atError()
          .addKeyValue("reason", reason)
          .addKeyValue("repeated", repeated)
          .log("health check failed");
    }
  }
}
