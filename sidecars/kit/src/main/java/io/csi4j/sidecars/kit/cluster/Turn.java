package io.csi4j.sidecars.kit.cluster;

import io.csi4j.sidecars.kit.cluster.RequestLine.Urgency;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.pacing.Pacer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * How the requests that come through one door get their turn.
 *
 * @param admission asked before a write is sent, when its turn has come
 */
record Turn(
    RequestLine line, Urgency urgency, Pacer pacer, Budget budget, Consumer<String> admission) {

  enum Budget {
    /** It is waited for in place, so that the line says who spends it. */
    SHARED,
    /** It is waited for before there is a place, which others can use meanwhile. */
    OWN
  }

  /** Of what somebody waits for. */
  static Turn first(RequestLine line, Pacer pacer) {
    return new Turn(line, Urgency.WAITED_FOR, pacer, Budget.SHARED, _ -> {});
  }

  /** In the same line, of what nobody waits for. */
  Turn yielding() {
    return new Turn(line, Urgency.YIELDING, pacer, budget, admission);
  }

  /** The same, with a budget that nobody else spends. */
  Turn pacedBy(Pacer own) {
    return new Turn(line, Urgency.YIELDING, own, Budget.OWN, admission);
  }

  /** The same, for writes that {@code gate} may refuse by throwing. */
  Turn admittedBy(Consumer<String> gate) {
    return new Turn(line, urgency, pacer, budget, gate);
  }

  /** Makes a request when its turn has come. */
  <T> T take(String request, Supplier<T> made) {
    if (budget == Budget.OWN) {
      pacer.await(request);
    }
    try (var _ = line.take(urgency)) {
      if (budget == Budget.SHARED) {
        pacer.await(request);
      }
      return made.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiFailure.Unreachable(request + ": interrupted", e);
    }
  }

  /** Who has waited long may no longer do what it could when it came. */
  void admit(String write) {
    admission.accept(write);
  }

  /** For a request that is answered for minutes, and so stands in no line. */
  void pace(String request) {
    pacer.await(request);
  }
}
