package io.csi4j.e2e.sandbox.actors.history;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.actors.history.Entry.Write;
import io.csi4j.e2e.sandbox.actors.view.Attachment;
import io.csi4j.e2e.sandbox.actors.view.Claim;
import io.csi4j.e2e.sandbox.actors.view.CsiDriver;
import io.csi4j.e2e.sandbox.actors.view.Volume;
import io.csi4j.e2e.sandbox.actors.view.VolumeNames;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.e2e.sandbox.store.Change;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What objects may become: I9, I12, I13 and I14. */
final class WriteRules {

  /** Of these the API server itself is the giver; their controllers take them. */
  private static final List<String> GIVEN_BY_ADMISSION =
      List.of(
          "kubernetes.io/pvc-protection",
          "kubernetes.io/pv-protection",
          "kubernetes.io/vac-protection");

  private final List<Violation> violations;
  private final Map<String, Volume> volumes = new HashMap<>();
  private final Map<String, CsiDriver> drivers = new HashMap<>();
  private final Map<String, String> givers = new HashMap<>();

  WriteRules(List<Violation> violations) {
    this.violations = violations;
  }

  private void complain(String invariant, String what, Entry where) {
    violations.add(new Violation(invariant, what, where));
  }

  /** Whether the volume's driver wants it attached before it is used; false if nobody knows it. */
  boolean attachRequired(String handle) {
    return find(handle)
        .map(volume -> drivers.getOrDefault(volume.driver(), CsiDriver.NONE).attachRequired())
        .orElse(false);
  }

  boolean singleNode(String handle) {
    return find(handle).map(Volume::singleNode).orElse(false);
  }

  private Optional<Volume> find(String handle) {
    return volumes.values().stream().filter(each -> each.handle().equals(handle)).findFirst();
  }

  void write(Write write, CallRules calls) {
    var change = write.change();
    if (change.isEmpty()) {
      return;
    }
    var gone = change.get().type() == Change.Type.DELETED;
    var object = change.get().after().object();
    finalizers(write, change.get(), object);
    switch (change.get().shelf()) {
      case "persistentvolumes" -> volume(write, new Volume(object), gone, calls);
      case "csidrivers.storage.k8s.io" -> {
        if (gone) {
          drivers.remove(change.get().key());
        } else {
          drivers.put(change.get().key(), new CsiDriver(object));
        }
      }
      case "volumeattachments.storage.k8s.io" -> attachment(write, change.get());
      case "persistentvolumeclaims" -> capacity(write, change.get());
      default -> {}
    }
  }

  private void volume(Write write, Volume volume, boolean gone, CallRules calls) {
    if (!gone) {
      volumes.put(volume.name(), volume);
      return;
    }
    volumes.remove(volume.name());
    var provisioned = volume.csi() && volume.annotated(Volume.PROVISIONED_BY);
    if (provisioned && volume.reclaimPolicy().equals("Delete") && !calls.deleted(volume.handle())) {
      complain("I13", "the object is gone before the volume", write);
    }
    if (volume.reclaimPolicy().equals("Retain") && calls.deleted(volume.handle())) {
      complain("I13", "a volume was deleted that was to be retained", write);
    }
  }

  private void attachment(Write write, Change change) {
    var attachment = new Attachment(change.after().object());
    var volume = volumes.get(attachment.volumeName());
    if (change.type() == Change.Type.ADDED && volume != null) {
      var name = VolumeNames.attachment(volume.handle(), volume.driver(), attachment.nodeName());
      if (!attachment.name().equals(name)) {
        complain("I9", "the attachment should be called " + name, write);
      }
    }
    var before = change.before();
    if (before != null
        && !before.object().path("spec").equals(change.after().object().path("spec"))) {
      complain("I9", "the specification of an attachment changed", write);
    }
  }

  private void capacity(Write write, Change change) {
    var before = change.before();
    if (before != null) {
      var was = new Claim(before.object()).capacity();
      if (new Claim(change.after().object()).capacity().compareTo(was) < 0) {
        complain("I12", "the claim's capacity was " + was, write);
      }
    }
  }

  private void finalizers(Write write, Change change, ObjectNode object) {
    var before = change.before();
    var had =
        before == null ? List.<String>of() : Json.texts(before.object(), "metadata", "finalizers");
    var has =
        change.type() == Change.Type.DELETED
            ? List.<String>of()
            : Json.texts(object, "metadata", "finalizers");
    var user = write.line().call().user();
    for (var finalizer : has) {
      if (!had.contains(finalizer) && !GIVEN_BY_ADMISSION.contains(finalizer)) {
        givers.put(key(change, finalizer), user);
      }
    }
    for (var finalizer : had) {
      var giver = givers.get(key(change, finalizer));
      if (!has.contains(finalizer) && giver != null && !giver.equals(user)) {
        complain("I14", "%s is %s's to remove".formatted(finalizer, giver), write);
      }
    }
  }

  private static String key(Change change, String finalizer) {
    return change.shelf() + " " + change.key() + " " + finalizer;
  }
}
