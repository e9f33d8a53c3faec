package io.csi4j.sidecars.registrar;

import io.csi4j.sidecars.kit.doors.Time;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What kubelet has asked and said so far; written by its calls, read by whoever wants to know how
 * it goes.
 */
final class RegistrationStory {

  /** kubelet looks into its registry every second: after so long it looks into another one. */
  static final Duration UNASKED_MAX = Duration.ofMinutes(3);

  private final Time time;
  private final RegistrarMetrics metrics;
  private final Object lock = new Object();

  // All below are guarded by lock.
  private String obstacle = "starting";
  private boolean asked;
  private boolean registered;
  private @Nullable String refusal;
  private boolean lastWordWasNo;
  private int refusalsInRow;
  private long sinceNanos;
  private Time.Signal news;

  RegistrationStory(Time time, RegistrarMetrics metrics) {
    this.time = time;
    this.metrics = metrics;
    this.news = time.signal();
    this.sinceNanos = time.nanos();
  }

  /** Before kubelet can ask at all, something else has to happen. */
  void waitsFor(String what) {
    synchronized (lock) {
      obstacle = what;
    }
  }

  /** A new socket is in place: kubelet begins anew. The last refusal is remembered. */
  void socketMade() {
    synchronized (lock) {
      obstacle = "";
      asked = false;
      registered = false;
      lastWordWasNo = false;
      sinceNanos = time.nanos();
      news = time.signal();
      metrics.begunAnew();
    }
  }

  void kubeletAsked() {
    synchronized (lock) {
      asked = true;
      metrics.asked(time.now());
    }
  }

  void kubeletAccepted() {
    synchronized (lock) {
      registered = true;
      refusal = null;
      lastWordWasNo = false;
      refusalsInRow = 0;
      metrics.accepted();
      news.raise();
    }
  }

  void kubeletRefused(String reason) {
    synchronized (lock) {
      registered = false;
      refusal = reason;
      lastWordWasNo = true;
      refusalsInRow++;
      metrics.refused();
      news.raise();
    }
  }

  /** Ends every waiting for news. */
  void wake() {
    synchronized (lock) {
      news.raise();
    }
  }

  /** Raised by the next word of kubelet's. */
  Time.Signal news() {
    synchronized (lock) {
      if (news.raised()) {
        news = time.signal();
      }
      return news;
    }
  }

  /** Whether kubelet's last word at this socket was no. */
  boolean lastWordWasNo() {
    synchronized (lock) {
      return lastWordWasNo;
    }
  }

  int refusalsInRow() {
    synchronized (lock) {
      return refusalsInRow;
    }
  }

  /** Whether kubelet has left a socket alone that it should have found long ago. */
  boolean longUnasked() {
    synchronized (lock) {
      return unasked();
    }
  }

  /** Why the driver is not registered; empty if it is. */
  String waitingFor() {
    synchronized (lock) {
      if (!obstacle.isEmpty()) {
        return obstacle;
      }
      if (registered) {
        return "";
      }
      if (refusal != null) {
        return "kubelet refused the driver: " + refusal;
      }
      if (unasked()) {
        return "kubelet has not asked for %d minutes: the plugin registry is not the folder that it"
                .formatted(UNASKED_MAX.toMinutes())
            + " watches (wrong host path, or another --root-dir of kubelet), or kubelet is down";
      }
      return asked ? "kubelet has asked and not yet answered" : "kubelet has not asked yet";
    }
  }

  private boolean unasked() {
    return obstacle.isEmpty() && !asked && time.nanos() - sinceNanos >= UNASKED_MAX.toNanos();
  }
}
