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
    try {
      var request = requests.publish(step, secrets(step.source()));
      // Finalizers before the call: after a crash they are all that remembers a possible
      // attachment.
      if (step.volumeHold() == Hold.MISSING) {
        writer.holdVolume(step.volume().meta());
      }
      if (step.attachmentHold() == Hold.MISSING) {
        writer.holdAttachment(attachment, step.nodeId());
      }
      return switch (driver.controllerPublish(request)) {
        case Outcome.Done(var reply) -> {
          writer.attached(attachment.key(), reply.getPublishContextMap());
          transition("attached", attachment, step.source(), step.nodeId());
          yield new Verdict.Settled();
        }
        case Outcome.Refused(var code, var message) -> attachFailed(attachment, message, code);
        case Outcome.InDoubt(var code, var message) -> attachFailed(attachment, message, code);
        case Outcome.NotReached(var message) -> attachFailed(attachment, message, Code.UNAVAILABLE);
      };
    } catch (SecretMissing | IllegalArgumentException e) {
      return attachFailed(attachment, String.valueOf(e.getMessage()), null);
    }
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
    try {
      var request = requests.unpublish(step, secrets(step.source()));
      return switch (driver.controllerUnpublish(request)) {
        case Outcome.Done(_) -> {
          writer.releaseAttachment(attachment);
          transition("detached", attachment, step.source(), step.nodeId());
          yield new Verdict.Settled();
        }
        case Outcome.Refused(_, var message) -> detachFailed(attachment, message);
        case Outcome.InDoubt(_, var message) -> detachFailed(attachment, message);
        case Outcome.NotReached(var message) -> detachFailed(attachment, message);
      };
    } catch (SecretMissing e) {
      return detachFailed(attachment, String.valueOf(e.getMessage()));
    }
  }

  private Map<String, String> secrets(Volume.Csi source) {
    var reference = source.controllerPublishSecret();
    if (reference == null) {
      return Map.of();
    }
    try {
      return view.secret(reference)
          .orElseThrow(
              () ->
                  new SecretMissing(
                      "failed to load secret \"%s\": secrets \"%s\" not found"
                          .formatted(reference, reference.name())));
    } catch (ApiFailure e) {
      throw new SecretMissing(
          "failed to load secret \"%s\": %s".formatted(reference, e.getMessage()));
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

  /** What the driver needs to be called with cannot be had. */
  private static final class SecretMissing extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SecretMissing(String message) {
      super(message);
    }
  }
}
