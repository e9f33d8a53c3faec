package io.csi4j.app.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.csi4j.app.demo.DemoOptions.PodsOfProvisioner;
import io.csi4j.app.demo.Venue.ClassOfStory.Binding;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Kills the provisioner of a real cluster while it serves several claims: its pods are deleted
 * without grace as soon as the first claim is its business. Half of the claims are deleted before
 * the next pod is there. Where exactly the kill comes in is chance here; {@link SandboxCrash}
 * chooses.
 */
final class ClusterCrash {
  private static final String PREFIX = "csi4j-demo-crash-";
  private static final String POD = "csi4j-demo-many";
  private static final int CLAIMS = 8;
  private static final Duration PAUSE = Duration.ofMillis(2);

  private final ClusterVenue venue;
  private final Api ofProvisioner;
  private final PodsOfProvisioner pods;

  ClusterCrash(ClusterVenue venue, Api ofProvisioner, PodsOfProvisioner pods) {
    this.venue = venue;
    this.ofProvisioner = ofProvisioner;
    this.pods = pods;
  }

  Step.Seen run() {
    if (provisioners().isEmpty()) {
      throw new StepFailed("there is no pod with " + pods);
    }
    var claims = IntStream.range(0, CLAIMS).mapToObj(i -> PREFIX + i).toList();
    var dropped = claims.subList(0, CLAIMS / 2);
    var kept = claims.subList(CLAIMS / 2, CLAIMS);
    for (var claim : claims) {
      var json = StoryObjects.claim(claim, venue.storageClass().name(), "64Mi");
      venue.api().create(Thing.CLAIM, json);
    }
    wantAll(claims);
    venue
        .patience()
        .lookingEvery(PAUSE)
        .until("the provisioner begins", () -> !volumes().isEmpty() || anyIsHandedOver());
    var killed = provisioners();
    killed.forEach(each -> ofProvisioner.delete(Thing.POD, name(each), 0));
    var stored = volumes().size();
    var old = killed.stream().map(ClusterCrash::uid).toList();
    venue.api().delete(Thing.POD, POD, 0);
    dropped.forEach(each -> venue.api().delete(Thing.CLAIM, each, 0));
    venue.patience().until("no pod wants them", () -> venue.api().find(Thing.POD, POD).isEmpty());
    venue
        .patience()
        .until(
            "a new pod with " + pods + " is ready",
            () ->
                provisioners().stream()
                    .anyMatch(each -> !old.contains(uid(each)) && Story.ready(each)));
    wantAll(kept);
    kept.forEach(each -> Story.boundVolume(venue, each));
    venue
        .patience()
        .until(
            () ->
                "%d claims have a volume each, there being %d"
                    .formatted(kept.size(), volumes().size()),
            () -> volumes().size() == kept.size());
    venue.api().delete(Thing.POD, POD, 0);
    return Step.done(
        ("provisioner killed with %d of %d volumes stored; %d claims deleted; restarted: %d claims ="
                + " %d PVs (what the driver has cannot be seen from here)")
            .formatted(stored, CLAIMS, dropped.size(), kept.size(), volumes().size()));
  }

  /** Claims of some classes get no volume before a pod wants them. */
  private void wantAll(List<String> claims) {
    if (venue.storageClass().binding() == Binding.WITH_POD) {
      venue.api().create(Thing.POD, StoryObjects.waiting(POD, claims, venue.podImage()));
    }
  }

  /** From here on it is the provisioner's turn. */
  private boolean anyIsHandedOver() {
    return venue.api().all(Thing.CLAIM).stream()
        .filter(each -> name(each).startsWith(PREFIX))
        .anyMatch(each -> each.at("/metadata/annotations").has(handOver()));
  }

  private String handOver() {
    return switch (venue.storageClass().binding()) {
      case IMMEDIATE -> "volume.kubernetes.io/storage-provisioner";
      case WITH_POD -> "volume.kubernetes.io/selected-node";
    };
  }

  private List<JsonNode> volumes() {
    return venue.api().all(Thing.VOLUME).stream()
        .filter(each -> Story.text(each, "spec", "claimRef", "name").startsWith(PREFIX))
        .filter(
            each ->
                Story.text(each, "spec", "claimRef", "namespace").equals(venue.api().namespace()))
        .toList();
  }

  private List<JsonNode> provisioners() {
    return ofProvisioner.all(Thing.POD).stream()
        .filter(
            each -> each.at("/metadata/labels").path(pods.label()).asText().equals(pods.value()))
        .toList();
  }

  private static String uid(JsonNode object) {
    return Story.text(object, "metadata", "uid");
  }

  private static String name(JsonNode object) {
    return Story.text(object, "metadata", "name");
  }
}
