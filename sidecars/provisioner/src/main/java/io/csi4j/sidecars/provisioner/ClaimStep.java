package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.cluster.StorageClass;

/** What a claim needs of us next. Pure: no I/O, no clock, no log. */
sealed interface ClaimStep {

  /** Not ours, or done. */
  record Settled() implements ClaimStep {}

  /** Nothing to do until something changes that wakes the claim by itself. */
  record Wait(String why) implements ClaimStep {}

  /** Cannot be made as it is; tried again, because a class or a right may come. */
  record Refuse(String reason) implements ClaimStep {}

  /** Make its volume. */
  record Provision(StorageClass storageClass) implements ClaimStep {}

  /** Try to become the node that makes its volume. */
  record Contest(StorageClass storageClass) implements ClaimStep {}

  static ClaimStep decide(ClaimFacts facts) {
    var claim = facts.claim();
    var annotations = claim.meta().annotations();
    var provisioner =
        annotations.getOrDefault(
            Names.STORAGE_PROVISIONER, annotations.get(Names.STORAGE_PROVISIONER_BETA));
    if (!claim.volumeName().isEmpty() || !facts.driver().equals(provisioner)) {
      return new Settled();
    }
    var node = ClaimFacts.selectedNode(claim);
    var local = facts.local();
    if (local != null && !node.isEmpty() && !node.equals(local.name())) {
      return new Settled();
    }
    if (claim.meta().uid().isEmpty()) {
      return new Refuse("corrupted PVC object, it is missing UID");
    }
    if (facts.volumeExists()) {
      return new Wait("its volume exists and is about to be bound");
    }
    var storageClass = facts.storageClass();
    if (storageClass == null) {
      return new Refuse(
          "storageclass.storage.k8s.io \"%s\" not found".formatted(ClaimFacts.className(claim)));
    }
    var late = storageClass.bindingMode().equals("WaitForFirstConsumer");
    if (late && node.isEmpty()) {
      return new Wait("waiting for a pod that uses the claim to be scheduled");
    }
    if (!storageClass.provisioner().equals(facts.driver())) {
      return new Settled();
    }
    if (local != null && node.isEmpty()) {
      return local.contests()
          ? new Contest(storageClass)
          : new Wait("waiting for somebody to select a node");
    }
    return new Provision(storageClass);
  }
}
