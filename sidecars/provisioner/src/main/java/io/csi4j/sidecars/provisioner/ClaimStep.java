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

  static ClaimStep decide(ClaimFacts facts) {
    var claim = facts.claim();
    var annotations = claim.meta().annotations();
    var provisioner =
        annotations.getOrDefault(
            Names.STORAGE_PROVISIONER, annotations.get(Names.STORAGE_PROVISIONER_BETA));
    if (!claim.volumeName().isEmpty() || !facts.driver().equals(provisioner)) {
      return new Settled();
    }
    if (facts.volumeExists()) {
      return new Wait("its volume exists and is about to be bound");
    }
    var storageClass = facts.storageClass();
    if (storageClass == null) {
      return new Refuse(
          "storageclass.storage.k8s.io \"%s\" not found".formatted(ClaimFacts.className(claim)));
    }
    if (storageClass.bindingMode().equals("WaitForFirstConsumer")
        && ClaimFacts.selectedNode(claim).isEmpty()) {
      return new Wait("waiting for a pod that uses the claim to be scheduled");
    }
    if (!storageClass.provisioner().equals(facts.driver())) {
      return new Settled();
    }
    return unsupported(facts, storageClass);
  }

  private static ClaimStep unsupported(ClaimFacts facts, StorageClass storageClass) {
    if (facts.claim().hasSelector()) {
      return new Refuse("claim Selector is not supported");
    }
    if (facts.claim().hasSource()) {
      return new Refuse(
          "spec.dataSource: this provisioner cannot make volumes from snapshots or other claims yet");
    }
    for (var key : storageClass.parameters().keySet()) {
      if (key.startsWith(Names.RESERVED) && key.endsWith("secret-name")) {
        return new Refuse(
            "parameter %s of class %s: this provisioner cannot hand secrets to the driver yet"
                .formatted(key, storageClass.meta().name()));
      }
    }
    return new Provision(storageClass);
  }
}
