package io.csi4j.e2e.sandbox.actors.attaching;

import io.csi4j.e2e.sandbox.actors.attaching.DetachStep.OnTimeout;
import io.csi4j.e2e.sandbox.actors.attaching.DetachStep.Why;
import io.csi4j.e2e.sandbox.actors.cluster.Client;
import io.csi4j.e2e.sandbox.actors.cluster.Events;
import io.csi4j.e2e.sandbox.actors.cluster.Kind;
import io.csi4j.e2e.sandbox.actors.loop.Actor;
import io.csi4j.e2e.sandbox.actors.loop.Attempts;
import io.csi4j.e2e.sandbox.actors.view.Attachment;
import io.csi4j.e2e.sandbox.actors.view.Node;
import io.csi4j.e2e.sandbox.actors.view.View;
import io.csi4j.e2e.sandbox.actors.view.VolumeNames;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.status.ApiFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks for attachments and for their end, and tells nodes what they have. */
public final class AttachDetach implements Actor {
  private static final Logger log = LoggerFactory.getLogger(AttachDetach.class);
  private static final Duration RESYNC = Duration.ofMinutes(1);

  private final View view;
  private final Client client;
  private final Events events;
  private final OnTimeout onTimeout;
  private final Attempts attempts = Attempts.usual();

  /** Since when attachments are no longer wanted. */
  private final Map<String, Instant> unwanted = new HashMap<>();

  /** Which attachments users know of. */
  private final Set<String> told = new HashSet<>();

  public AttachDetach(View view, Client client, Events events, ForceDetach force) {
    this.view = view;
    this.client = client;
    this.events = events;
    this.onTimeout =
        switch (force) {
          case AFTER_SIX_MINUTES -> OnTimeout.FORCE;
          case NEVER -> OnTimeout.WAIT;
        };
  }

  /** Whether an ill node loses volumes that it may still have mounted. */
  public enum ForceDetach {
    AFTER_SIX_MINUTES,
    /** As with {@code --disable-force-detach-on-timeout}. */
    NEVER
  }

  @Override
  public Instant pass(Instant now) {
    var wishes = Wish.all(view);
    var next = now.plus(RESYNC);
    for (var attachment : view.attachments()) {
      if (wishes.containsKey(attachment.name())) {
        unwanted.remove(attachment.name());
      } else if (!attachment.volumeName().isEmpty()) {
        attempts.attempt("detach/" + attachment.name(), now, () -> detach(attachment, now));
        next = Attempts.earlier(next, patienceEnds(attachment, now));
      }
    }
    unwanted.keySet().removeIf(name -> view.attachment(name).isEmpty());
    told.removeIf(name -> view.attachment(name).isEmpty());
    for (var wish : wishes.values()) {
      attempts.attempt("attach/" + wish.attachmentName(), now, () -> attach(wish));
    }
    for (var node : view.nodes()) {
      attempts.attempt("node/" + node.name(), now, () -> tellNode(node, wishes));
    }
    return Attempts.earlier(next, attempts.next(now));
  }

  private Instant patienceEnds(Attachment attachment, Instant now) {
    var end = unwanted.getOrDefault(attachment.name(), now).plus(DetachStep.PATIENCE);
    return end.isAfter(now) ? end : now.plus(RESYNC);
  }

  private void attach(Wish wish) {
    var name = wish.attachmentName();
    var others =
        view.attachments().stream()
            .filter(each -> each.volumeName().equals(wish.volume().name()))
            .filter(each -> !each.name().equals(name))
            .toList();
    switch (AttachStep.decide(wish, view.attachment(name).orElse(null), others)) {
      case AttachStep.Attached() -> {
        if (told.add(name)) {
          events.normal(
              Kind.POD,
              wish.pod().json(),
              "SuccessfulAttachVolume",
              "AttachVolume.Attach succeeded for volume \"%s\" ".formatted(wish.volume().name()));
        }
      }
      case AttachStep.Await() -> {}
      case AttachStep.Create() -> create(wish);
      case AttachStep.Fail(var message) ->
          events.warning(Kind.POD, wish.pod().json(), "FailedAttachVolume", message);
    }
  }

  private void create(Wish wish) {
    var attachment = Kind.ATTACHMENT.named("", wish.attachmentName());
    var spec = attachment.putObject("spec").put("attacher", wish.volume().driver());
    spec.put("nodeName", wish.node().name());
    spec.putObject("source").put("persistentVolumeName", wish.volume().name());
    try {
      client.create(Kind.ATTACHMENT, attachment);
    } catch (ApiFailure failure) {
      // That it is there already is as good.
      if (!failure.reason().equals("AlreadyExists")) {
        throw failure;
      }
    }
  }

  private void detach(Attachment attachment, Instant now) {
    if (attachment.deleting()) {
      return;
    }
    var since = unwanted.computeIfAbsent(attachment.name(), _ -> now);
    var node = view.node(attachment.nodeName());
    var name = uniqueName(attachment);
    var inUse = node.isPresent() && node.get().volumesInUse().contains(name);
    switch (DetachStep.decide(node.orElse(null), inUse, Duration.between(since, now), onTimeout)) {
      case DetachStep.AwaitUnmount() -> {}
      case DetachStep.Detach(var why) -> {
        if (why == Why.TIMEOUT || why == Why.OUT_OF_SERVICE) {
          log.atWarn()
              .addKeyValue("attachment", attachment.name())
              .addKeyValue("node", attachment.nodeName())
              .addKeyValue("why", why)
              .log("detached by force");
        }
        // The node must know before the volume is gone.
        node.ifPresent(each -> report(each, without(each, name)));
        client.delete(Kind.ATTACHMENT, "", attachment.name(), attachment.uid());
      }
    }
  }

  private String uniqueName(Attachment attachment) {
    return view.volume(attachment.volumeName())
        .map(volume -> VolumeNames.unique(volume.driver(), volume.handle()))
        .orElse("");
  }

  private static List<String> without(Node node, String name) {
    return node.volumesAttached().stream().filter(each -> !each.equals(name)).toList();
  }

  private void tellNode(Node node, Map<String, Wish> wishes) {
    var attached = new TreeSet<String>();
    for (var attachment : view.attachments()) {
      var here = attachment.nodeName().equals(node.name());
      // What is no longer wanted stays reported until it is about to be detached.
      if (here && attachment.attached() && !attachment.deleting()) {
        var name = uniqueName(attachment);
        if (wishes.containsKey(attachment.name()) || node.volumesAttached().contains(name)) {
          attached.add(name);
        }
      }
    }
    attached.remove("");
    report(node, List.copyOf(attached));
  }

  private void report(Node node, List<String> attached) {
    if (node.volumesAttached().equals(attached)) {
      return;
    }
    var patch = Json.object();
    var list = patch.putObject("status").putArray("volumesAttached");
    attached.forEach(name -> list.addObject().put("name", name).put("devicePath", ""));
    client.patchStatus(Kind.NODE, "", node.name(), patch);
  }
}
