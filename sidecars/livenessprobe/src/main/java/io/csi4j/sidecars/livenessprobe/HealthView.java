package io.csi4j.sidecars.livenessprobe;

import io.csi4j.sidecars.kit.csi.FreshProbe.Health;
import io.csi4j.sidecars.kit.health.HttpEndpoint.Answer;

/** How a driver's health reads over HTTP. Pure. */
final class HealthView {
  private static final int OK = 200;
  private static final int FAILED = 500;

  private HealthView() {}

  static Answer answer(Health health) {
    return switch (health) {
      case Health.Healthy() -> Answer.text(OK, "ok");
      case Health.NotReady() -> Answer.text(FAILED, "driver responded but is not ready");
      case Health.Broken(var why) -> Answer.text(FAILED, why);
    };
  }

  /** The driver has never been reached: it may be starting. */
  static Answer notConnectedYet() {
    return Answer.text(FAILED, "not connected to the CSI driver yet");
  }
}
