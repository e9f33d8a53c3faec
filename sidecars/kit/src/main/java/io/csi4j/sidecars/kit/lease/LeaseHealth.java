package io.csi4j.sidecars.kit.lease;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What {@code /healthz/leader-election} says: lets kubelet end a leader that hangs. */
public sealed interface LeaseHealth {

  /** Status 200. */
  record Healthy() implements LeaseHealth {
    public String text() {
      return "ok";
    }
  }

  /** Status 500. */
  record Stuck(String lease) implements LeaseHealth {
    public String text() {
      return "internal server error: failed election to renew leadership on lease " + lease;
    }
  }

  /** A leader that renews late is about to step down by itself: that much longer it may take. */
  Duration GRACE = Duration.ofSeconds(20);

  /** {@code renewedAgo} is missing where this process does not lead. */
  static LeaseHealth decide(String lease, @Nullable Duration renewedAgo, Duration leaseDuration) {
    return renewedAgo == null || renewedAgo.compareTo(leaseDuration.plus(GRACE)) <= 0
        ? new Healthy()
        : new Stuck(lease);
  }
}
