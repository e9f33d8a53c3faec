package io.csi4j.e2e.sandbox.actors.protection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.actors.cluster.Client;
import io.csi4j.e2e.sandbox.actors.cluster.Kind;
import io.csi4j.e2e.sandbox.actors.loop.Actor;
import io.csi4j.e2e.sandbox.actors.loop.Attempts;
import io.csi4j.e2e.sandbox.actors.view.Claim;
import io.csi4j.e2e.sandbox.actors.view.View;
import io.csi4j.e2e.sandbox.actors.view.Volume;
import io.csi4j.e2e.sandbox.json.Json;
import java.time.Instant;
import java.util.List;

/** Takes the protection finalizers off what is being deleted and no longer in use. */
public final class Protector implements Actor {
  static final String ATTRIBUTES_CLASS_PROTECTION = "kubernetes.io/vac-protection";

  private final View view;
  private final Client client;
  private final Attempts attempts = Attempts.usual();

  public Protector(View view, Client client) {
    this.view = view;
    this.client = client;
  }

  @Override
  public Instant pass(Instant now) {
    for (var claim : view.claims()) {
      if (claim.deleting() && !inUse(claim)) {
        release(now, Kind.CLAIM, claim.json(), Claim.PROTECTION);
      }
    }
    for (var volume : view.volumes()) {
      if (volume.deleting() && !volume.phase().equals("Bound")) {
        release(now, Kind.VOLUME, volume.json(), Volume.PROTECTION);
      }
    }
    for (var attributes : view.mirror().all(Kind.ATTRIBUTES_CLASS)) {
      var name = Json.text(attributes, "metadata", "name");
      if (Json.has(attributes, "metadata", "deletionTimestamp") && !attributesInUse(name)) {
        release(now, Kind.ATTRIBUTES_CLASS, attributes, ATTRIBUTES_CLASS_PROTECTION);
      }
    }
    return attempts.next(now);
  }

  /** A pod that nobody has scheduled may yet be refused; one that has ended needs nothing. */
  private boolean inUse(Claim claim) {
    return view.pods().stream().anyMatch(pod -> pod.active() && pod.uses(claim));
  }

  private boolean attributesInUse(String name) {
    return view.volumes().stream().anyMatch(each -> each.attributesClass().equals(name))
        || view.claims().stream()
            .anyMatch(
                each ->
                    each.attributesClass().equals(name)
                        || Json.text(each.json(), "status", "currentVolumeAttributesClassName")
                            .equals(name)
                        || Json.text(
                                each.json(),
                                "status",
                                "modifyVolumeStatus",
                                "targetVolumeAttributesClassName")
                            .equals(name));
  }

  private void release(Instant now, Kind kind, ObjectNode object, String finalizer) {
    var kept =
        Json.texts(object, "metadata", "finalizers").stream()
            .filter(each -> !each.equals(finalizer))
            .toList();
    if (kept.size() == Json.at(object, "metadata", "finalizers").size()) {
      return;
    }
    var namespace = Json.text(object, "metadata", "namespace");
    var name = Json.text(object, "metadata", "name");
    attempts.attempt(
        kind + "/" + namespace + "/" + name,
        now,
        () -> client.patch(kind, namespace, name, withFinalizers(object, kept)));
  }

  private static ObjectNode withFinalizers(ObjectNode object, List<String> kept) {
    var patch = Client.patchOf(object);
    var list = Json.child(patch, "metadata").putArray("finalizers");
    kept.forEach(list::add);
    return patch;
  }
}
