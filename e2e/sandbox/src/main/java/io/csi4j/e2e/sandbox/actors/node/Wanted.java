package io.csi4j.e2e.sandbox.actors.node;

import io.csi4j.e2e.sandbox.actors.node.Actual.MountKey;
import io.csi4j.e2e.sandbox.actors.view.Claim;
import io.csi4j.e2e.sandbox.actors.view.Pod;
import io.csi4j.e2e.sandbox.actors.view.PodVolume;
import io.csi4j.e2e.sandbox.actors.view.Volume;
import java.util.Optional;

/** A volume of a pod on this node. */
sealed interface Wanted {

  PodVolume podVolume();

  /** It cannot be had, for now. */
  record Blocked(PodVolume podVolume, String reason) implements Wanted {}

  /**
   * It is to be mounted.
   *
   * @param claim none for inline volumes
   * @param volume none for inline volumes
   */
  record Mountable(
      Pod pod, PodVolume podVolume, MountSpec spec, Optional<Claim> claim, Optional<Volume> volume)
      implements Wanted {

    MountKey key() {
      return new MountKey(pod.uid(), spec.specName());
    }
  }
}
