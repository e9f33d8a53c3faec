package io.csi4j.e2e.sandbox.actors.binding;

import io.csi4j.e2e.sandbox.actors.view.Claim;
import io.csi4j.e2e.sandbox.actors.view.Volume;
import org.jspecify.annotations.Nullable;

/** What the PV controller does next for a volume, apart from binding it. Pure. */
sealed interface VolumeStep {

  /** Nothing. */
  record Settled() implements VolumeStep {}

  /** Only its phase is to be moved. */
  record Move(String phase) implements VolumeStep {}

  /** The claim went elsewhere before the two were bound: the volume is free again. */
  record Free() implements VolumeStep {}

  /**
   * The next step.
   *
   * @param claim the one with the name that the volume refers to; missing where the server says
   *     that there is none
   */
  static VolumeStep decide(Volume volume, @Nullable Claim claim) {
    if (!volume.claimed() || volume.claimUid().isEmpty()) {
      return moveTo("Available", volume);
    }
    if (claim == null || !claim.uid().equals(volume.claimUid())) {
      return moveTo("Released", volume);
    }
    var elsewhere = !claim.volumeName().isEmpty() && !claim.volumeName().equals(volume.name());
    if (!elsewhere) {
      return new Settled();
    }
    var provisioned = volume.annotated(Volume.PROVISIONED_BY);
    return provisioned && volume.reclaimPolicy().equals("Delete")
        ? moveTo("Released", volume)
        : new Free();
  }

  private static VolumeStep moveTo(String phase, Volume volume) {
    // A volume that failed stays so until an administrator has looked at it.
    return volume.phase().equals(phase) || volume.phase().equals("Failed")
        ? new Settled()
        : new Move(phase);
  }
}
