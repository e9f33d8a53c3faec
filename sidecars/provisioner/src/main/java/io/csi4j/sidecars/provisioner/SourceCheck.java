package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.Quantity;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a claim's volume can be filled from what it names. Pure: the conditions in their order,
 * the first that does not hold is what the user reads.
 */
sealed interface SourceCheck {
  /** Go's spellings of truth. */
  Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");

  /**
   * It can.
   *
   * @param handle the driver knows the source by this
   * @param bytesMin what it needs, where more may be asked for than the claim does
   */
  record Usable(String handle, long bytesMin) implements SourceCheck {}

  record Unusable(String reason) implements SourceCheck {}

  /**
   * What is known of a snapshot.
   *
   * @param limits what the flags say of restoring
   */
  record SnapshotFacts(
      Claim claim,
      ObjectKey key,
      @Nullable Snapshot snapshot,
      @Nullable SnapshotContent content,
      String provisioner,
      Limits limits) {

    long restoreBytes() {
      return snapshot == null || snapshot.restoreSize().isEmpty()
          ? 0
          : Quantity.bytes(snapshot.restoreSize());
    }
  }

  /**
   * What the flags say of restoring.
   *
   * @param guardsMode whether a volume mode other than the source's needs an administrator's word
   * @param roundsUp whether a claim that is smaller than the snapshot gets a larger volume
   */
  record Limits(boolean guardsMode, boolean roundsUp) {}

  static SourceCheck of(SnapshotFacts facts) {
    var reason = unusable(facts);
    var content = facts.content();
    return reason.isEmpty() && content != null
        ? new Usable(content.handle(), facts.restoreBytes())
        : new Unusable(
            "error getting handle for DataSource Type VolumeSnapshot by Name %s: %s"
                .formatted(facts.key().name(), reason));
  }

  private static String unusable(SnapshotFacts facts) {
    var snapshot = facts.snapshot();
    if (snapshot == null) {
      return "snapshot %s not found".formatted(facts.key());
    }
    if (snapshot.meta().deleting() && !snapshot.meta().hasFinalizer(Names.SNAPSHOT_FINALIZER)) {
      return "snapshot %s is currently being deleted".formatted(facts.key());
    }
    if (snapshot.content().isEmpty()) {
      return "snapshot %s has no content yet (status.boundVolumeSnapshotContentName)"
          .formatted(facts.key());
    }
    var content = facts.content();
    if (content == null) {
      return "snapshot content %s not found".formatted(snapshot.content());
    }
    if (!content.snapshot().equals(facts.key())
        || !content.snapshotUid().equals(snapshot.meta().uid())) {
      return "snapshot content %s belongs to another snapshot, %s with UID %s"
          .formatted(snapshot.content(), content.snapshot(), content.snapshotUid());
    }
    if (!content.driver().equals(facts.provisioner())) {
      return "snapshot content %s is of driver %s, the class wants %s"
          .formatted(snapshot.content(), content.driver(), facts.provisioner());
    }
    if (!snapshot.ready()) {
      return "snapshot %s is not Ready".formatted(facts.key());
    }
    if (content.handle().isEmpty()) {
      return "snapshot handle %s is not available".formatted(snapshot.content());
    }
    return sizeOrMode(facts, snapshot, content);
  }

  private static String sizeOrMode(
      SnapshotFacts facts, Snapshot snapshot, SnapshotContent content) {
    var wanted = VolumeRequest.bytesOf(facts.claim());
    if (wanted < facts.restoreBytes() && !facts.limits().roundsUp()) {
      return "requested volume size %d is less than the size %d for the source snapshot %s"
          .formatted(wanted, facts.restoreBytes(), facts.key());
    }
    var mode = facts.claim().volumeMode();
    var allowed =
        TRUE.contains(content.meta().annotations().getOrDefault(Names.ALLOW_MODE_CHANGE, ""));
    if (facts.limits().guardsMode()
        && mode != null
        && !content.sourceMode().isEmpty()
        && !mode.equals(content.sourceMode())
        && !allowed) {
      return "requested volume %s modifies the mode of the source volume but does not have"
              .formatted(facts.claim().key())
          + " permission to do so: %s annotation is not present on snapshot content %s, or not true"
              .formatted(Names.ALLOW_MODE_CHANGE, snapshot.content());
    }
    return "";
  }

  /** What is known of a claim to be cloned; its volume as the API server has it now. */
  record CloneFacts(
      Claim claim,
      ObjectKey key,
      @Nullable Claim source,
      @Nullable Volume volume,
      String provisioner) {}

  static SourceCheck of(CloneFacts facts) {
    var reason = unusable(facts);
    var volume = facts.volume();
    return reason.isEmpty() && volume != null && volume.csi() != null
        ? new Usable(volume.csi().handle(), 0)
        : new Unusable(
            "error getting handle for DataSource Type PersistentVolumeClaim by Name %s: %s"
                .formatted(facts.key().name(), reason));
  }

  private static String unusable(CloneFacts facts) {
    var source = facts.source();
    if (source == null) {
      return "claim %s not found".formatted(facts.key());
    }
    if (!source.phase().equals("Bound")) {
      return "the PVC DataSource %s must have a status of Bound. Got %s"
          .formatted(facts.key(), source.phase());
    }
    if (source.meta().deleting()) {
      return "the PVC DataSource %s is currently being deleted".formatted(facts.key());
    }
    if (source.className() == null || source.className().isEmpty()) {
      return "the source PVC %s has no spec.storageClassName".formatted(facts.key());
    }
    if (facts.claim().className() == null || facts.claim().className().isEmpty()) {
      return "the requested PVC %s has no spec.storageClassName".formatted(facts.claim().key());
    }
    var wanted = VolumeRequest.bytesOf(facts.claim());
    if (wanted < VolumeRequest.bytesOf(source)) {
      return "error, new PVC request must be greater than or equal in size to the specified PVC"
          + " data source, requested %d but source is %d"
              .formatted(wanted, VolumeRequest.bytesOf(source));
    }
    if (source.volumeName().isEmpty()) {
      return "volume name is empty in source PVC %s".formatted(facts.key());
    }
    return volumeUnusable(facts, source);
  }

  private static String volumeUnusable(CloneFacts facts, Claim source) {
    var volume = facts.volume();
    if (volume == null) {
      return "volume %s of the source not found".formatted(source.volumeName());
    }
    var csi = volume.csi();
    if (csi == null) {
      return "volume %s of the source is not a CSI volume".formatted(source.volumeName());
    }
    if (!csi.driver().equals(facts.provisioner())) {
      return "volume %s of the source is of driver %s, the class wants %s"
          .formatted(source.volumeName(), csi.driver(), facts.provisioner());
    }
    var claimed = volume.claim();
    if (claimed == null
        || !claimed.key().equals(facts.key())
        || !claimed.uid().equals(source.meta().uid())) {
      return "volume %s is not bound to the source claim %s, but to %s"
          .formatted(source.volumeName(), facts.key(), claimed == null ? "none" : claimed.key());
    }
    if (!volume.phase().equals("Bound")) {
      return "volume %s of the source is %s, not Bound"
          .formatted(source.volumeName(), volume.phase());
    }
    var wanted = VolumeRequest.isBlock(facts.claim());
    if (wanted != "Block".equals(volume.volumeMode())) {
      return "the source PVC and destination PVCs for claim name %s are of different volume modes"
          .formatted(facts.claim().key());
    }
    return "";
  }
}
