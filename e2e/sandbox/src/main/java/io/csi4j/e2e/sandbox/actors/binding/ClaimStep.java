package io.csi4j.e2e.sandbox.actors.binding;

import io.csi4j.e2e.sandbox.actors.view.Claim;
import io.csi4j.e2e.sandbox.actors.view.Volume;
import java.util.Comparator;

/** What the PV controller does next for a claim. Pure. */
sealed interface ClaimStep {

  /** Nothing. */
  record Settled() implements ClaimStep {}

  /** The claim had a volume and has it no longer. */
  record Lose(String reason, String message) implements ClaimStep {}

  /** Nothing but to say why. */
  record Tell(Severity severity, String reason, String message) implements ClaimStep {}

  /** An external provisioner is asked to make a volume. */
  record AskProvisioner(String driver) implements ClaimStep {}

  /** The two become each other's. */
  record Bind(Volume volume, Choice choice) implements ClaimStep {}

  /** How users are told. */
  enum Severity {
    NORMAL,
    WARNING
  }

  /** Who found the volume for the claim. */
  enum Choice {
    BY_CONTROLLER,
    BY_OTHERS
  }

  static ClaimStep decide(ClaimFacts facts) {
    var claim = facts.claim();
    if (!claim.volumeName().isEmpty()) {
      return named(facts);
    }
    if (claim.deleting()) {
      return new Settled();
    }
    var reserved = facts.reserved();
    if (reserved != null) {
      return new Bind(reserved, Choice.BY_OTHERS);
    }
    return unbound(facts);
  }

  private static ClaimStep named(ClaimFacts facts) {
    var claim = facts.claim();
    var volume = facts.named();
    var completed = claim.annotated(Claim.BIND_COMPLETED);
    if (volume == null) {
      return completed
          ? new Lose(
              "ClaimLost", "Bound claim has lost its PersistentVolume. Data on the volume is lost!")
          : new Settled();
    }
    if (volume.isFor(claim)) {
      return claim.bound() && volume.phase().equals("Bound") && !volume.claimUid().isEmpty()
          ? new Settled()
          : new Bind(
              volume,
              claim.annotated(Claim.BOUND_BY_CONTROLLER) ? Choice.BY_CONTROLLER : Choice.BY_OTHERS);
    }
    if (!volume.claimed()) {
      // The user named a volume that is free; a bound claim gets its volume back.
      return new Bind(volume, Choice.BY_OTHERS);
    }
    return completed
        ? new Lose(
            "ClaimMisbound",
            "Two claims are bound to the same volume, this one is bound incorrectly")
        : new Tell(
            Severity.WARNING,
            "FailedBinding",
            "volume \"%s\" already bound to a different claim.".formatted(volume.name()));
  }

  private static ClaimStep unbound(ClaimFacts facts) {
    var claim = facts.claim();
    var storageClass = facts.storageClass();
    if (storageClass != null && storageClass.waitsForConsumer() && claim.selectedNode().isEmpty()) {
      return new Tell(
          Severity.NORMAL,
          "WaitForFirstConsumer",
          "waiting for first consumer to be created before binding");
    }
    var smallest = facts.fitting().stream().min(Comparator.comparing(Volume::capacity));
    if (smallest.isPresent()) {
      return new Bind(smallest.get(), Choice.BY_CONTROLLER);
    }
    if (storageClass == null) {
      return claim.className().isEmpty()
          ? new Tell(
              Severity.NORMAL,
              "FailedBinding",
              "no persistent volumes available for this claim and no storage class is set")
          : new Tell(
              Severity.WARNING,
              "ProvisioningFailed",
              "storageclass.storage.k8s.io \"%s\" not found".formatted(claim.className()));
    }
    if (!storageClass.provisions()) {
      return new Tell(
          Severity.NORMAL, "FailedBinding", "no persistent volumes available for this claim");
    }
    var driver = storageClass.provisioner();
    return claim.annotation(Claim.PROVISIONER).equals(driver)
        ? new Tell(
            Severity.NORMAL,
            "ExternalProvisioning",
            "Waiting for a volume to be created either by the external provisioner '%s' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered."
                .formatted(driver))
        : new AskProvisioner(driver);
  }
}
