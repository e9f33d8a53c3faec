package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.StorageClass;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a claim is pending that no provisioner has looked at yet, in words for its owner. Pure. Empty
 * where a provisioner is to be asked.
 *
 * @param word does not change between versions
 */
record PendingCause(String word, String why) {
  private static final String BY_HAND = "kubernetes.io/no-provisioner";

  /** {@code driver} is missing where the cluster's objects are all that is known. */
  static Optional<PendingCause> of(
      Claim claim, @Nullable StorageClass storageClass, @Nullable String driver) {
    var className = ClaimFacts.className(claim);
    if (claim.phase().equals("Bound")) {
      return cause("bound", "it is bound to volume " + claim.volumeName());
    }
    if (claim.phase().equals("Lost")) {
      return cause("volume-lost", "its volume %s is gone".formatted(claim.volumeName()));
    }
    if (!claim.volumeName().isEmpty()) {
      return cause(
          "named-volume",
          "it names volume %s, which Kubernetes binds to it as soon as that volume is there and fits"
              .formatted(claim.volumeName()));
    }
    if (className.isEmpty()) {
      return cause(
          "no-class",
          "it names no storage class and got none by default: set spec.storageClassName, or annotate"
              + " a class with storageclass.kubernetes.io/is-default-class=true; else it waits for a"
              + " volume made by hand");
    }
    if (storageClass == null) {
      return cause("class-missing", "there is no storage class \"%s\"".formatted(className));
    }
    if (storageClass.provisioner().equals(BY_HAND)) {
      return cause(
          "made-by-hand",
          "class %s makes no volumes: somebody must make one that fits".formatted(className));
    }
    if (driver != null && !storageClass.provisioner().equals(driver)) {
      return cause(
          "other-driver",
          "class %s is of driver %s, and this is driver %s"
              .formatted(className, storageClass.provisioner(), driver));
    }
    return notHandedOver(claim, storageClass);
  }

  private static Optional<PendingCause> notHandedOver(Claim claim, StorageClass storageClass) {
    var annotations = claim.meta().annotations();
    var provisioner =
        annotations.getOrDefault(
            Names.STORAGE_PROVISIONER,
            annotations.getOrDefault(Names.STORAGE_PROVISIONER_BETA, ""));
    var late = storageClass.bindingMode().equals("WaitForFirstConsumer");
    if (late && ClaimFacts.selectedNode(claim).isEmpty()) {
      return cause(
          "waits-for-pod",
          "class %s binds late (WaitForFirstConsumer), and no pod that uses the claim has been given"
                  .formatted(storageClass.meta().name())
              + " a node yet: make such a pod, or see why the scheduler has no node for it");
    }
    if (provisioner.isEmpty()) {
      return cause(
          "not-handed-over",
          "the controller manager has not handed it to a provisioner yet (annotation %s): is it"
                  .formatted(Names.STORAGE_PROVISIONER)
              + " running?");
    }
    if (!provisioner.equals(storageClass.provisioner())) {
      return cause(
          "handed-to-other",
          "it was handed to %s, and class %s is of %s now: make the claim anew"
              .formatted(provisioner, storageClass.meta().name(), storageClass.provisioner()));
    }
    return Optional.empty();
  }

  private static Optional<PendingCause> cause(String word, String why) {
    return Optional.of(new PendingCause(word, why));
  }

  /** The word for what a provisioner said of a claim, by its own texts. */
  static String wordFor(String reason) {
    return reason.contains("csinode")
        ? "node-gone"
        : reason.contains("no topology key") || reason.contains("lacks a label")
            ? "driver-not-on-node"
            : reason.contains("allowed topologies")
                ? "topology-not-allowed"
                : reason.contains("no available topology") || reason.contains("no node has")
                    ? "no-topology"
                    : sourceOrClass(reason);
  }

  private static String sourceOrClass(String reason) {
    return reason.contains("DataSource") || reason.contains("PVC source")
        ? "source-not-usable"
        : reason.contains("populator")
            ? "waits-for-populator"
            : reason.contains("secret")
                ? "secret"
                : reason.contains("Selector")
                    ? "selector"
                    : reason.contains("capability is not reported")
                        ? "driver-cannot"
                        : reason.contains("about to be bound") ? "about-to-be-bound" : "refused";
  }
}
