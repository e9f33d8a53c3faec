package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.StorageClass;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.reconcile.Verdict;

/** How one of many nodes becomes the one that makes the volume of a claim. */
@FunctionalInterface
interface Contest {
  /** Where one provisioner serves all nodes. */
  Contest NONE =
      (claim, _) -> {
        throw new IllegalStateException("nobody to contest %s with".formatted(claim.key()));
      };

  Verdict enter(Claim claim, StorageClass storageClass);

  /** The claim is somebody's, or gone. */
  default void forget(ObjectKey claim) {}
}
