package io.csi4j.e2e.sandbox.actors.node;

import io.csi4j.e2e.sandbox.actors.node.MountSpec.Form;
import io.csi4j.e2e.sandbox.actors.view.Claim;
import io.csi4j.e2e.sandbox.actors.view.Pod;
import io.csi4j.e2e.sandbox.actors.view.PodVolume;
import io.csi4j.e2e.sandbox.actors.view.View;
import io.csi4j.e2e.sandbox.actors.view.VolumeNames;
import io.csi4j.e2e.sandbox.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds what a pod's volumes stand for. */
record PodVolumes(View view) {

  List<Wanted> of(Pod pod) {
    return pod.volumes().stream().flatMap(volume -> resolve(pod, volume)).toList();
  }

  private Stream<Wanted> resolve(Pod pod, PodVolume volume) {
    if (volume.inline()) {
      return Stream.of(inline(pod, volume));
    }
    var claimName = volume.claimName(pod.name());
    // Other kinds of volumes are of no interest here.
    return claimName.isEmpty() ? Stream.empty() : Stream.of(ofClaim(pod, volume, claimName));
  }

  private Wanted inline(Pod pod, PodVolume volume) {
    var driver = Json.text(volume.json(), "csi", "driver");
    if (!view.knowsDriver(driver) || !view.driver(driver).supports("Ephemeral")) {
      return new Wanted.Blocked(
          volume,
          "volume mode \"Ephemeral\" not supported by driver %s (no CSIDriver object allows it)"
              .formatted(driver));
    }
    var spec =
        new MountSpec(
            driver, VolumeNames.inlineHandle(pod.uid(), volume.name()), volume.name(), Form.INLINE);
    return new Wanted.Mountable(pod, volume, spec, Optional.empty(), Optional.empty());
  }

  private Wanted ofClaim(Pod pod, PodVolume volume, String name) {
    var found = view.claim(pod.namespace(), name);
    if (found.isEmpty()) {
      return new Wanted.Blocked(volume, "persistentvolumeclaim \"%s\" not found".formatted(name));
    }
    var claim = found.get();
    if (volume.ephemeral() && !ownedBy(claim, pod)) {
      return new Wanted.Blocked(
          volume,
          "PVC %s was not created for pod %s (pod is not owner)".formatted(name, pod.key()));
    }
    var bound = view.boundVolume(claim);
    if (bound.isEmpty()) {
      return new Wanted.Blocked(volume, "PVC %s is not bound".formatted(claim.key()));
    }
    if (!bound.get().csi()) {
      return new Wanted.Blocked(volume, "volume %s is no CSI volume".formatted(bound.get().name()));
    }
    var driver = bound.get().driver();
    if (!view.driver(driver).supports("Persistent")) {
      return new Wanted.Blocked(
          volume, "volume mode \"Persistent\" not supported by driver " + driver);
    }
    var spec =
        new MountSpec(
            driver,
            bound.get().handle(),
            bound.get().name(),
            bound.get().block() ? Form.BLOCK : Form.FILE_SYSTEM);
    return new Wanted.Mountable(pod, volume, spec, found, bound);
  }

  private static boolean ownedBy(Claim claim, Pod pod) {
    return Json.items(claim.json(), "metadata", "ownerReferences")
        .anyMatch(owner -> Json.text(owner, "uid").equals(pod.uid()));
  }
}
