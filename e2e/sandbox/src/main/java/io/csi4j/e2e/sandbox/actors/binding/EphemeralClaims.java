package io.csi4j.e2e.sandbox.actors.binding;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.sandbox.actors.cluster.Client;
import io.csi4j.e2e.sandbox.actors.cluster.Events;
import io.csi4j.e2e.sandbox.actors.cluster.Kind;
import io.csi4j.e2e.sandbox.actors.loop.Actor;
import io.csi4j.e2e.sandbox.actors.loop.Attempts;
import io.csi4j.e2e.sandbox.actors.view.Claim;
import io.csi4j.e2e.sandbox.actors.view.Pod;
import io.csi4j.e2e.sandbox.actors.view.PodVolume;
import io.csi4j.e2e.sandbox.actors.view.View;
import io.csi4j.e2e.sandbox.json.Json;
import java.time.Instant;
import java.util.Objects;

/** Makes the claims that live as long as their pods; the sandbox itself deletes dependants. */
public final class EphemeralClaims implements Actor {
  private final View view;
  private final Client client;
  private final Events events;
  private final Attempts attempts = Attempts.usual();

  public EphemeralClaims(View view, Client client, Events events) {
    this.view = view;
    this.client = client;
    this.events = events;
  }

  @Override
  public Instant pass(Instant now) {
    for (var pod : view.pods()) {
      if (!pod.deleting() && !pod.terminated()) {
        pod.volumes().stream()
            .filter(PodVolume::ephemeral)
            .forEach(
                volume ->
                    attempts.attempt(
                        pod.key() + "/" + volume.name(), now, () -> require(pod, volume)));
      }
    }
    return attempts.next(now);
  }

  private void require(Pod pod, PodVolume volume) {
    var name = volume.claimName(pod.name());
    var claim = view.claim(pod.namespace(), name);
    if (claim.isEmpty()) {
      client.create(Kind.CLAIM, made(pod, volume, name));
    } else if (!Objects.equals(ownerUid(claim.get()), pod.uid())) {
      events.warning(
          Kind.POD,
          pod.json(),
          "FailedBinding",
          "ephemeral volume %s: PVC %s was not created for pod %s (pod is not owner)"
              .formatted(volume.name(), claim.get().key(), pod.key()));
    }
  }

  private static ObjectNode made(Pod pod, PodVolume volume, String name) {
    var template = Json.at(volume.json(), "ephemeral", "volumeClaimTemplate");
    var claim = Kind.CLAIM.named(pod.namespace(), name);
    var metadata = Json.child(claim, "metadata");
    for (var part : java.util.List.of("labels", "annotations")) {
      Json.at(template, "metadata", part)
          .properties()
          .forEach(each -> Json.child(metadata, part).set(each.getKey(), each.getValue()));
    }
    metadata
        .putArray("ownerReferences")
        .addObject()
        .put("apiVersion", "v1")
        .put("kind", "Pod")
        .put("name", pod.name())
        .put("uid", pod.uid())
        .put("controller", true)
        .put("blockOwnerDeletion", true);
    claim.set("spec", template.path("spec").deepCopy());
    return claim;
  }

  private static String ownerUid(Claim claim) {
    return Json.items(claim.json(), "metadata", "ownerReferences")
        .filter(each -> Json.text(each, "kind").equals("Pod"))
        .map(each -> Json.text(each, "uid"))
        .findFirst()
        .orElse("");
  }
}
