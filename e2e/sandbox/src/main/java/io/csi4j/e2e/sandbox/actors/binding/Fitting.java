package io.csi4j.e2e.sandbox.actors.binding;

import io.csi4j.e2e.sandbox.actors.view.Claim;
import io.csi4j.e2e.sandbox.actors.view.Node;
import io.csi4j.e2e.sandbox.actors.view.Volume;
import java.util.HashSet;
import org.jspecify.annotations.Nullable;

/** Whether an existing volume would do for a claim. Pure. */
public final class Fitting {
  private Fitting() {}

  /**
   * Whether the volume is free and is what the claim asks for.
   *
   * @param node where it is to be used; missing where that is all the same
   */
  public static boolean fits(Volume volume, Claim claim, @Nullable Node node) {
    return !volume.claimed()
        && !volume.deleting()
        && volume.phase().equals("Available")
        && volume.className().equals(claim.className())
        && volume.attributesClass().equals(claim.attributesClass())
        && volume.volumeMode().equals(claim.volumeMode())
        && new HashSet<>(volume.accessModes()).containsAll(claim.accessModes())
        && volume.capacity().compareTo(claim.requested()) >= 0
        && claim.selects(volume)
        && (node == null || volume.usableOn(node));
  }
}
