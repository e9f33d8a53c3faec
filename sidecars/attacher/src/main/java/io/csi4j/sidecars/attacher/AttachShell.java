package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.attacher.AttachStep.Hold;
import io.csi4j.sidecars.attacher.DetachStep.Unpublish;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.Outcome;
import io.csi4j.sidecars.kit.reconcile.Verdict;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Carries out {@link AttachStep}. Whatever the driver answers, the finalizer stays: so an answer in
 * doubt needs no treatment of its own, the same call is simply made again.
 */
record AttachShell(
    AttachmentView view,
    AttachmentWriter writer,
    DriverCalls driver,
    Reports reports,
    Patience patience) {

  Verdict carryOut(AttachFacts facts) {
    var attachment = facts.attachment();
    return switch (AttachStep.decide(facts)) {
      case AttachStep.Settled() -> new Verdict.Settled();
      case AttachStep.Refuse(var reason) -> failed(attachment, reason, null);
      case AttachStep.Wait(var reason) -> waits(attachment, reason);
      case AttachStep.Publish step -> publish(attachment, step);
    };
  }

  private Verdict publish(Attachment attachment, AttachStep.Publish step) {
    return switch (view.credentials(step.source())) {
      case Credentials.Missing(var reason) -> failed(attachment, reason, null);
      case Credentials.Known(var secrets) -> publish(attachment, step, secrets);
    };
  }

  private Verdict publish(
      Attachment attachment, AttachStep.Publish step, Map<String, String> secrets) {
    // Finalizers before the call: after a crash they are all that remembers a possible attachment.
    var problem = hold(attachment.meta(), step);
    if (problem != null) {
      return failed(attachment, problem, null);
    }
    problem = undo(attachment, step, secrets);
    if (problem != null) {
      return failed(attachment, problem, null);
    }
    return switch (driver.publish(attachment, step, secrets)) {
      case Outcome.Done(var reply) -> {
        writer.attached(attachment.meta(), reply.getPublishContextMap());
        view.trust(attachment.key());
        reports.transition("attached", attachment, step.source(), step.nodeId());
        yield new Verdict.Settled();
      }
      case Outcome.Refused(var code, var message) -> failed(attachment, message, code);
      case Outcome.InDoubt(var code, var message) -> failed(attachment, message, code);
      case Outcome.NotReached(var message) -> away(attachment, message);
    };
  }

  /** Takes the volume off where it must not be; what prevented it, if anything did. */
  private @Nullable String undo(
      Attachment attachment, AttachStep.Publish step, Map<String, String> secrets) {
    for (var nodeId : step.undo()) {
      var unpublish = new Unpublish(step.source(), nodeId, Hold.PRESENT);
      var why =
          switch (driver.unpublish(attachment, unpublish, secrets)) {
            case Outcome.Done(_) -> null;
            case Outcome.Refused(_, var message) -> message;
            case Outcome.InDoubt(_, var message) -> message;
            case Outcome.NotReached(var message) -> message;
          };
      if (why != null) {
        return "could not detach the volume from node %s first: %s".formatted(nodeId, why);
      }
    }
    return null;
  }

  /** Adds the finalizers that are missing; what prevented it, if anything did. */
  private @Nullable String hold(Meta attachment, AttachStep.Publish step) {
    if (step.volumeHold() == Hold.MISSING) {
      var failure = Reports.failureOf(() -> writer.holdVolume(step.volume().meta()));
      if (failure != null) {
        return "could not add PersistentVolume finalizer: " + failure;
      }
    }
    if (step.attachmentHold() == Hold.MISSING) {
      var failure = Reports.failureOf(() -> writer.holdAttachment(attachment, step.nodeId()));
      if (failure != null) {
        return "could not save VolumeAttachment: " + failure;
      }
    }
    return null;
  }

  private Verdict failed(Attachment attachment, String message, @Nullable Code code) {
    reports.write(attachment, () -> writer.attachFailed(attachment.meta(), message, code));
    return new Verdict.BackOff(message);
  }

  /** Said once, however long it lasts. */
  private Verdict away(Attachment attachment, String message) {
    if (!attachment.attachError().equals(ErrorText.fit(message))) {
      reports.write(
          attachment, () -> writer.attachFailed(attachment.meta(), message, Code.UNAVAILABLE));
    }
    return patience.soon(message);
  }

  /** Nothing has failed, so it is said once and not tried again: the rival's end wakes this one. */
  private Verdict waits(Attachment attachment, String reason) {
    if (!attachment.attachError().equals(reason)) {
      try {
        writer.attachFailed(attachment.meta(), reason, null);
      } catch (ApiFailure.NotFound | ApiFailure.Conflict _) {
        // Changed or gone meanwhile: then it is looked at again.
      }
    }
    return new Verdict.Parked(reason);
  }
}
