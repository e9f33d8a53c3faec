package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.attacher.AttachStep.Hold;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.Driver;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Outcome;
import io.csi4j.sidecars.kit.reconcile.Reconciler;
import io.csi4j.sidecars.kit.reconcile.Verdict;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out {@link AttachStep} and {@link DetachStep}. May be called at any time, twice, and
 * after any crash. Whatever the driver answers, the finalizer stays until it has said that the
 * volume is detached: so an answer in doubt needs no treatment of its own, the same call is simply
 * made again.
 */
final class AttachmentReconciler implements Reconciler {
  private static final Logger log = LoggerFactory.getLogger(AttachmentReconciler.class);

  private final AttachmentView view;
  private final AttachmentWriter writer;
  private final Driver driver;
  private final PublishRequests requests;

  AttachmentReconciler(
      AttachmentView view, AttachmentWriter writer, Driver driver, PublishRequests requests) {
    this.view = view;
    this.writer = writer;
    this.driver = driver;
    this.requests = requests;
  }

  @Override
  public Verdict reconcile(ObjectKey key) {
    var facts = view.read(key);
    if (facts == null) {
      return new Verdict.Settled();
    }
    return facts.attachment().meta().deleting() ? detach(facts) : attach(facts);
  }

  private Verdict attach(AttachFacts facts) {
    var attachment = facts.attachment().meta();
    return switch (AttachStep.decide(facts)) {
      case AttachStep.Settled() -> new Verdict.Settled();
      case AttachStep.Refuse(var reason) -> attachFailed(attachment, reason, null);
      case AttachStep.Publish step -> publish(attachment, step);
    };
  }

  private Verdict publish(Meta attachment, AttachStep.Publish step) {
    return switch (view.credentials(step.source())) {
      case Credentials.Missing(var reason) -> attachFailed(attachment, reason, null);
      case Credentials.Known(var secrets) -> publish(attachment, step, secrets);
    };
  }

  private Verdict publish(Meta attachment, AttachStep.Publish step, Map<String, String> secrets) {
    // Finalizers before the call: after a crash they are all that remembers a possible attachment.
    var problem = hold(attachment, step);
    if (problem != null) {
      return attachFailed(attachment, problem, null);
    }
    return switch (driver.controllerPublish(requests.publish(step, secrets))) {
      case Outcome.Done(var reply) -> {
        writer.attached(attachment.key(), reply.getPublishContextMap());
        transition("attached", attachment, step.source(), step.nodeId());
        yield new Verdict.Settled();
      }
      case Outcome.Refused(var code, var message) -> attachFailed(attachment, message, code);
      case Outcome.InDoubt(var code, var message) -> attachFailed(attachment, message, code);
      case Outcome.NotReached(var message) -> attachFailed(attachment, message, Code.UNAVAILABLE);
    };
  }

  /** Adds the finalizers that are missing; what prevented it, if anything did. */
  private @Nullable String hold(Meta attachment, AttachStep.Publish step) {
    if (step.volumeHold() == Hold.MISSING) {
      var failure = failureOf(() -> writer.holdVolume(step.volume().meta()));
      if (failure != null) {
        return "could not add PersistentVolume finalizer: " + failure;
      }
    }
    if (step.attachmentHold() == Hold.MISSING) {
      var failure = failureOf(() -> writer.holdAttachment(attachment, step.nodeId()));
      if (failure != null) {
        return "could not save VolumeAttachment: " + failure;
      }
    }
    return null;
  }

  private Verdict detach(AttachFacts facts) {
    var attachment = facts.attachment().meta();
    return switch (DetachStep.decide(facts)) {
      case DetachStep.Settled() -> new Verdict.Settled();
      case DetachStep.Refuse(var reason) -> detachFailed(attachment, reason);
      case DetachStep.Unpublish step -> unpublish(attachment, step);
    };
  }

  private Verdict unpublish(Meta attachment, DetachStep.Unpublish step) {
    return switch (view.credentials(step.source())) {
      case Credentials.Missing(var reason) -> detachFailed(attachment, reason);
      case Credentials.Known(var secrets) -> unpublish(attachment, step, secrets);
    };
  }

  private Verdict unpublish(
      Meta attachment, DetachStep.Unpublish step, Map<String, String> secrets) {
    return switch (driver.controllerUnpublish(requests.unpublish(step, secrets))) {
      case Outcome.Done(_) -> release(attachment, step);
      case Outcome.Refused(_, var message) -> detachFailed(attachment, message);
      case Outcome.InDoubt(_, var message) -> detachFailed(attachment, message);
      case Outcome.NotReached(var message) -> detachFailed(attachment, message);
    };
  }

  /** The finalizer first: a status of "not attached" under it would only mean "nobody knows". */
  private Verdict release(Meta attachment, DetachStep.Unpublish step) {
    var failure = failureOf(() -> writer.releaseAttachment(attachment));
    if (failure != null) {
      return detachFailed(attachment, "could not mark as detached: " + failure);
    }
    transition("detached", attachment, step.source(), step.nodeId());
    writer.detached(attachment.key());
    return new Verdict.Settled();
  }

  /**
   * What the user should read about a write that failed, if it did. That our view was old or that
   * the server asks for patience is nothing that a user could act on: the loop tries again.
   */
  private static @Nullable String failureOf(Runnable write) {
    try {
      write.run();
      return null;
    } catch (ApiFailure.Conflict | ApiFailure.Throttled e) {
      throw e;
    } catch (ApiFailure e) {
      return String.valueOf(e.getMessage());
    }
  }

  /**
   * The report is for users; that it could not be written changes nothing about what is tried next.
   */
  private Verdict attachFailed(Meta attachment, String message, @Nullable Code code) {
    try {
      writer.attachFailed(attachment.key(), message, code);
    } catch (ApiFailure e) {
      unreported(attachment, e);
    }
    return new Verdict.BackOff(message);
  }

  private Verdict detachFailed(Meta attachment, String message) {
    try {
      writer.detachFailed(attachment.key(), message);
    } catch (ApiFailure e) {
      unreported(attachment, e);
    }
    return new Verdict.BackOff(message);
  }

  private static void unreported(Meta attachment, ApiFailure failure) {
    log.atDebug()
        .addKeyValue("attachment", attachment.name())
        .addKeyValue("reason", failure.getMessage())
        .log("error not written to the status");
  }

  private static void transition(String done, Meta attachment, Volume.Csi source, String nodeId) {
    log.atInfo()
        .addKeyValue("attachment", attachment.name())
        .addKeyValue("volume", source.handle())
        .addKeyValue("node", nodeId)
        .log(done);
  }
}
