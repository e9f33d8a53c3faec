package io.csi4j.e2e.sandbox.actors.csi;

import io.grpc.Status;
import java.time.Duration;

/** What happens to a call of a driver. */
public sealed interface CsiFault {

  /** Nothing. */
  record None() implements CsiFault {}

  /** The driver is not asked, and the caller gets this. */
  record Fail(Status.Code code, String message) implements CsiFault {}

  /** The driver does its work, and then the caller gets this. */
  record FailAfter(Status.Code code, String message) implements CsiFault {}

  /** The driver is asked later. */
  record DelayBefore(Duration pause) implements CsiFault {}

  /** The answer comes later than the driver gave it. */
  record DelayAfter(Duration pause) implements CsiFault {}

  /** The driver gets the call twice; the second answer counts. */
  record Twice() implements CsiFault {}

  /** The driver does its work, and the caller never gets an answer. */
  record Silence() implements CsiFault {}

  /** All connections break after the driver has done its work, and before anybody hears of it. */
  record CutAfter() implements CsiFault {}
}
