package io.csi4j.sidecars.registrar;

import io.csi4j.sidecars.kit.doors.Time;
import org.jspecify.annotations.Nullable;

/**
 * What kubelet has asked and said so far; written by its calls, read by whoever wants to know how
 * it goes.
 */
final class RegistrationStory {
  private final Time time;
  private final Object lock = new Object();

  // All below are guarded by lock.
  private boolean asked;
  private boolean registered;
  private @Nullable String refusal;
  private Time.Signal news;

  RegistrationStory(Time time) {
    this.time = time;
    this.news = time.signal();
  }

  void kubeletAsked() {
    synchronized (lock) {
      asked = true;
    }
  }

  void kubeletAccepted() {
    synchronized (lock) {
      registered = true;
      refusal = null;
    }
  }

  void kubeletRefused(String reason) {
    synchronized (lock) {
      registered = false;
      refusal = reason;
      news.raise();
    }
  }

  /** Ends the waiting for news. */
  void wake() {
    synchronized (lock) {
      news.raise();
    }
  }

  /**
   * Begins anew with a new socket; the last refusal is remembered until kubelet says something
   * else.
   */
  Time.Signal beginAnew() {
    synchronized (lock) {
      asked = false;
      registered = false;
      news = time.signal();
      return news;
    }
  }

  /** Why the driver is not registered; empty if it is. */
  String waitingFor() {
    synchronized (lock) {
      if (registered) {
        return "";
      }
      if (refusal != null) {
        return "kubelet refused the driver: " + refusal;
      }
      return asked
          ? "kubelet has asked and not yet answered"
          : "kubelet has not asked yet; if it never does, the plugin registry is not the folder that"
              + " kubelet watches";
    }
  }
}
