package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.attacher.AttachStep.Hold;
import io.csi4j.sidecars.attacher.AttachmentWriter.Left;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.doors.Outcome;
import io.csi4j.sidecars.kit.reconcile.Verdict;
import java.util.Map;

/**
 * Carries out {@link DetachStep}: the finalizer stays until the driver has said that the volume is
 * detached.
 */
record DetachShell(
    AttachmentView view,
    AttachmentWriter writer,
    DriverCalls driver,
    Reports reports,
    Patience patience) {

  Verdict carryOut(AttachFacts facts) {
    var attachment = facts.attachment();
    return switch (DetachStep.decide(facts)) {
      case DetachStep.Settled() -> new Verdict.Settled();
      case DetachStep.Refuse(var reason) -> failed(attachment, reason);
      case DetachStep.Unpublish step -> unpublish(attachment, step);
    };
  }

  private Verdict unpublish(Attachment attachment, DetachStep.Unpublish step) {
    return switch (view.credentials(step.source())) {
      case Credentials.Missing(var reason) -> failed(attachment, reason);
      case Credentials.Known(var secrets) -> unpublish(attachment, step, secrets);
    };
  }

  private Verdict unpublish(
      Attachment attachment, DetachStep.Unpublish step, Map<String, String> secrets) {
    return switch (driver.unpublish(attachment, step, secrets)) {
      case Outcome.Done(_) -> detached(attachment, step);
      case Outcome.Refused(_, var message) -> failed(attachment, message);
      case Outcome.InDoubt(_, var message) -> failed(attachment, message);
      case Outcome.NotReached(var message) -> away(attachment, message);
    };
  }

  /** The finalizer first: a status of "not attached" under it would only mean "nobody knows". */
  private Verdict detached(Attachment attachment, DetachStep.Unpublish step) {
    var failure = Reports.failureOf(() -> release(attachment, step.hold()));
    if (failure != null) {
      return failed(attachment, "could not mark as detached: " + failure);
    }
    view.trust(attachment.key());
    reports.transition("detached", attachment, step.source(), step.nodeId());
    return new Verdict.Settled();
  }

  private void release(Attachment attachment, Hold hold) {
    var left =
        switch (hold) {
          case PRESENT -> writer.releaseAttachment(attachment.meta());
          case MISSING -> new Left.Held(attachment.meta());
        };
    switch (left) {
      case Left.Gone() -> {}
      // Ours is off: if this does not get through, the detach is still done.
      case Left.Held(var meta) -> reports.write(attachment, () -> writer.detached(meta));
    }
  }

  /** Said once, however long it lasts. */
  private Verdict away(Attachment attachment, String message) {
    if (!attachment.detachError().equals(ErrorText.fit(message))) {
      reports.write(attachment, () -> writer.detachFailed(attachment.meta(), message));
    }
    return patience.soon(message);
  }

  private Verdict failed(Attachment attachment, String message) {
    reports.write(attachment, () -> writer.detachFailed(attachment.meta(), message));
    return new Verdict.BackOff(message);
  }
}
