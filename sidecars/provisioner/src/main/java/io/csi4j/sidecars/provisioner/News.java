package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.events.Event;
import io.csi4j.sidecars.kit.events.Events;
import io.csi4j.sidecars.kit.events.Involved;
import io.csi4j.sidecars.kit.metrics.Metrics;
import java.time.Duration;

/** What people and their monitoring are told, in upstream's words and under its names. */
final class News {
  private static final double[] SECONDS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

  private final Events events;
  private final Metrics.Tally provisioned;
  private final Metrics.Tally provisionFailed;
  private final Metrics.Spans provisionTook;
  private final Metrics.Tally deleted;
  private final Metrics.Tally deleteFailed;
  private final Metrics.Spans deleteTook;
  private final Metrics.Level inProgress;

  News(Events events, Metrics metrics) {
    this.events = events;
    provisioned =
        metrics.tally(
            "controller_persistentvolumeclaim_provision_total",
            "Total number of persistent volumes provisioned succesfully. Broken down by storage"
                + " class name and source of the claim.",
            "class",
            "source");
    provisionFailed =
        metrics.tally(
            "controller_persistentvolumeclaim_provision_failed_total",
            "Total number of persistent volume provision failed attempts. Broken down by storage"
                + " class name and source of the claim.",
            "class",
            "source");
    provisionTook =
        metrics.spans(
            "controller_persistentvolumeclaim_provision_duration_seconds",
            "Latency in seconds to provision persistent volumes. Failed provisioning attempts are"
                + " ignored. Broken down by storage class name and source of the claim.",
            SECONDS,
            "class",
            "source");
    deleted =
        metrics.tally(
            "controller_persistentvolume_delete_total",
            "Total number of persistent volumes deleted succesfully. Broken down by storage class"
                + " name.",
            "class");
    deleteFailed =
        metrics.tally(
            "controller_persistentvolume_delete_failed_total",
            "Total number of persistent volume delete failed attempts. Broken down by storage"
                + " class name.",
            "class");
    deleteTook =
        metrics.spans(
            "controller_persistentvolume_delete_duration_seconds",
            "Latency in seconds to delete persistent volumes. Failed deletion attempts are ignored."
                + " Broken down by storage class name.",
            SECONDS,
            "class");
    inProgress =
        metrics.level(
            "csi4j_provisioner_open_intents", "Volumes of which the driver may be making one now.");
  }

  void provisioning(Claim claim) {
    events.record(
        Event.normal(
            about(claim),
            "Provisioning",
            "External provisioner is provisioning volume for claim \"%s\"".formatted(claim.key())));
  }

  void leftToPopulator(Claim claim) {
    events.record(
        Event.normal(
            about(claim),
            "Provisioning",
            "Assuming an external populator will provision the volume"));
  }

  /** All nodes would say so, and one does. */
  void unplaced(Claim claim, String example) {
    var className = ClaimFacts.className(claim);
    events.record(
        Event.warning(
                about(claim),
                "ProvisioningFailed",
                "no node can take this claim of StorageClass \"%s\"; for example, %s"
                    .formatted(className, example))
            .toldOnceAs(claim.meta().uid() + ".unplaced"));
  }

  void provisionFailed(Claim claim, String sourceKind, String reason) {
    var className = ClaimFacts.className(claim);
    provisionFailed.add(className, sourceKind);
    events.record(
        Event.warning(
            about(claim),
            "ProvisioningFailed",
            "failed to provision volume with StorageClass \"%s\": %s"
                .formatted(className, reason)));
  }

  void provisioned(Claim claim, String volume) {
    events.record(
        Event.normal(
            about(claim), "ProvisioningSucceeded", "Successfully provisioned volume " + volume));
  }

  /** Counts, also where the claim is gone and nobody is left to be told. */
  void provisioned(Attempt attempt, Duration took) {
    provisioned.add(attempt.className(), attempt.sourceKind());
    provisionTook.took(took, attempt.className(), attempt.sourceKind());
  }

  void waitsForDetach(Volume volume, String reason) {
    events.record(Event.normal(Involved.of(Volume.KIND, volume.meta()), "VolumeDelete", reason));
  }

  /** All nodes that are left would say so, and one does. */
  void nodesLost(Volume volume, String reason) {
    events.record(
        Event.warning(Involved.of(Volume.KIND, volume.meta()), "VolumeNodeLost", reason)
            .toldOnceAs(volume.meta().uid() + ".node-lost"));
  }

  /** Not under the name of the former, which is most often there already and would stand. */
  void letGo(Volume volume, String reason) {
    events.record(
        Event.warning(Involved.of(Volume.KIND, volume.meta()), "VolumeNodeLost", reason)
            .toldOnceAs(volume.meta().uid() + ".let-go"));
  }

  void deleteFailed(Volume volume, String reason) {
    deleteFailed.add(volume.className());
    events.record(
        Event.warning(Involved.of(Volume.KIND, volume.meta()), "VolumeFailedDelete", reason));
  }

  void deleted(Volume volume, Duration took) {
    deleted.add(volume.className());
    deleteTook.took(took, volume.className());
  }

  void inProgress(int attempts) {
    inProgress.is(attempts);
  }

  private static Involved about(Claim claim) {
    return Involved.of(Claim.KIND, claim.meta());
  }
}
