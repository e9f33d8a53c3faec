package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.cluster.Claim;

/** What a claim asks of the driver that it cannot do. Pure. */
final class Abilities {
  private Abilities() {}

  /** Empty where it can do all. */
  static String missing(Claim claim, Source source, DriverTraits traits, Gates gates) {
    if (!traits.creates()) {
      return "CSI driver does not support dynamic provisioning: plugin CREATE_DELETE_VOLUME"
          + " controller service capability is not reported";
    }
    if (source instanceof Source.OfSnapshot && !traits.restores()) {
      return "CSI driver does not support snapshot restore: plugin CREATE_DELETE_SNAPSHOT"
          + " controller service capability is not reported";
    }
    if (source instanceof Source.OfClaim && !traits.clones()) {
      return "CSI driver does not support clone operations: plugin CLONE_VOLUME"
          + " controller service capability is not reported";
    }
    if (gates.attributesClass() && !claim.attributesClass().isEmpty() && !traits.modifies()) {
      return "CSI driver does not support VolumeAttributesClass: plugin MODIFY_VOLUME"
          + " controller service capability is not reported";
    }
    return claim.hasSelector() ? "claim Selector is not supported" : "";
  }
}
