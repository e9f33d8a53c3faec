package io.csi4j.sidecars.livenessprobe;

import io.csi4j.sidecars.kit.csi.FreshProbe.Health;
import io.csi4j.sidecars.kit.health.HttpEndpoint.Answer;

/** How a driver's health reads over HTTP. Pure. */
final class HealthView {
  private static final int OK = 200;
  private static final int FAILED = 500;
  private static final int NOT_YET = 503;
  private static final String NOT_CONNECTED = "not connected to the CSI driver yet";

  private HealthView() {}

  /** What a probe has brought, and what was before it. */
  sealed interface Sight {

    /** The driver has not told its name yet: it may be starting. */
    record NeverMet() implements Sight {}

    /** It has, and was never ready until now. */
    record NeverReady(Health now) implements Sight {}

    record OnceReady(Health now) implements Sight {}
  }

  /** {@code /healthz}, as upstream's. */
  static Answer health(Sight sight) {
    return switch (sight) {
      case Sight.NeverMet() -> Answer.text(FAILED, NOT_CONNECTED);
      case Sight.NeverReady(var now) -> answer(now, FAILED);
      case Sight.OnceReady(var now) -> answer(now, FAILED);
    };
  }

  /**
   * {@code /livez}: a driver that takes long to get ready is not restarted for it, one that was
   * ready and broke is.
   */
  static Answer liveness(Sight sight) {
    return switch (sight) {
      case Sight.NeverMet() -> Answer.text(OK, "starting: " + NOT_CONNECTED);
      case Sight.NeverReady(var now) -> {
        var answer = answer(now, FAILED);
        yield answer.status() == OK ? answer : Answer.text(OK, "starting: " + answer.body());
      }
      case Sight.OnceReady(var now) -> answer(now, FAILED);
    };
  }

  /** {@code /readyz}: ready is who answers now. */
  static Answer readiness(Sight sight) {
    return switch (sight) {
      case Sight.NeverMet() -> Answer.text(NOT_YET, NOT_CONNECTED);
      case Sight.NeverReady(var now) -> {
        var answer = answer(now, NOT_YET);
        yield answer.status() == OK
            ? answer
            : Answer.text(NOT_YET, "never been ready: " + answer.body());
      }
      case Sight.OnceReady(var now) -> answer(now, NOT_YET);
    };
  }

  static String words(Health health) {
    return answer(health, FAILED).body();
  }

  private static Answer answer(Health health, int unwell) {
    return switch (health) {
      case Health.Healthy() -> Answer.text(OK, "ok");
      case Health.NotReady() -> Answer.text(unwell, "driver responded but is not ready");
      case Health.Broken(var why) -> Answer.text(unwell, why);
    };
  }
}
