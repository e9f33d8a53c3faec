package io.csi4j.e2e.sandbox.actors.scheduling;

import io.csi4j.e2e.sandbox.actors.binding.Fitting;
import io.csi4j.e2e.sandbox.actors.scheduling.PodFacts.ClaimUse;
import io.csi4j.e2e.sandbox.actors.view.Claim;
import io.csi4j.e2e.sandbox.actors.view.Node;
import io.csi4j.e2e.sandbox.actors.view.Pod;
import io.csi4j.e2e.sandbox.actors.view.StorageClass;
import io.csi4j.e2e.sandbox.actors.view.View;
import io.csi4j.e2e.sandbox.actors.view.Volume;
import io.csi4j.e2e.sandbox.actors.view.VolumeNames;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Why a pod cannot run on a node, in the scheduler's words. */
record NodeFit(View view) {

  Optional<String> refusal(Pod pod, List<ClaimUse> claims, Node node) {
    if (!node.schedulable() || !node.ready()) {
      return Optional.of("node(s) were unschedulable");
    }
    if (pod.nodeSelectorMismatches(node).findAny().isPresent()) {
      return Optional.of("node(s) didn't match Pod's node affinity/selector");
    }
    for (var use : claims) {
      var refusal = use.volume().isPresent() ? bound(use.volume().get(), node) : open(use, node);
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    return tooMany(pod, claims, node)
        ? Optional.of("node(s) exceed max volume count")
        : Optional.empty();
  }

  private static Optional<String> bound(Volume volume, Node node) {
    return volume.usableOn(node)
        ? Optional.empty()
        : Optional.of("node(s) didn't match PersistentVolume's node affinity");
  }

  private Optional<String> open(ClaimUse use, Node node) {
    var claim = use.claim();
    var storageClass = use.storageClass();
    if (claim.isEmpty() || storageClass.isEmpty() || existing(claim.get(), node).isPresent()) {
      return Optional.empty();
    }
    return provisionable(claim.get(), storageClass.get(), node);
  }

  /** The smallest volume that is there already and would do on the node. */
  Optional<Volume> existing(Claim claim, Node node) {
    return view.volumes().stream()
        .filter(volume -> Fitting.fits(volume, claim, node))
        .min(java.util.Comparator.comparing(Volume::capacity));
  }

  private Optional<String> provisionable(Claim claim, StorageClass storageClass, Node node) {
    if (!storageClass.provisions() || !storageClass.allows(node)) {
      return Optional.of("node(s) didn't find available persistent volumes to bind");
    }
    var counts = view.driver(storageClass.provisioner()).storageCapacity();
    var enough =
        !counts
            || view.capacities().stream()
                .anyMatch(each -> each.suffices(storageClass.name(), node, claim.requested()));
    return enough ? Optional.empty() : Optional.of("node(s) did not have enough free storage");
  }

  private boolean tooMany(Pod pod, List<ClaimUse> claims, Node node) {
    var csiNode = view.csiNode(node.name());
    if (csiNode.isEmpty()) {
      return false;
    }
    var wanted = new ArrayList<Usage>();
    claims.forEach(use -> usage(use).ifPresent(wanted::add));
    for (var driver : new HashSet<>(wanted.stream().map(Usage::driver).toList())) {
      var limit = csiNode.get().limit(driver);
      if (limit == Long.MAX_VALUE) {
        continue;
      }
      var all = used(pod, node, driver);
      var before = all.size();
      wanted.stream()
          .filter(each -> each.driver.equals(driver))
          .forEach(each -> all.add(each.name));
      if (all.size() > limit && all.size() > before) {
        return true;
      }
    }
    return false;
  }

  /** A volume by its unique name, or by its claim while there is none. */
  private record Usage(String driver, String name) {}

  private static Optional<Usage> usage(ClaimUse use) {
    if (use.volume().isPresent()) {
      var volume = use.volume().get();
      return volume.csi()
          ? Optional.of(
              new Usage(volume.driver(), VolumeNames.unique(volume.driver(), volume.handle())))
          : Optional.empty();
    }
    return use.storageClass().map(found -> new Usage(found.provisioner(), "claim/" + use.name()));
  }

  private Set<String> used(Pod candidate, Node node, String driver) {
    var used = new HashSet<String>();
    for (var pod : view.pods()) {
      if (pod.active()
          && pod.nodeName().equals(node.name())
          && !pod.uid().equals(candidate.uid())) {
        pod.claimNames().stream()
            .flatMap(name -> view.claim(pod.namespace(), name).stream())
            .flatMap(claim -> view.boundVolume(claim).stream())
            .filter(volume -> volume.driver().equals(driver))
            .forEach(volume -> used.add(VolumeNames.unique(driver, volume.handle())));
      }
    }
    view.attachments().stream()
        .filter(each -> each.nodeName().equals(node.name()) && each.attacher().equals(driver))
        .flatMap(each -> view.volume(each.volumeName()).stream())
        .forEach(volume -> used.add(VolumeNames.unique(driver, volume.handle())));
    return used;
  }
}
