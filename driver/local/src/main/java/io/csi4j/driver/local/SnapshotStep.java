package io.csi4j.driver.local;

import io.csi4j.driver.spi.Reason;
import io.csi4j.driver.spi.SnapshotSpec;
import io.csi4j.driver.spi.Topology;
import org.jspecify.annotations.Nullable;

/** What it takes that a snapshot with this name exists. Pure. */
sealed interface SnapshotStep {

  /** It is there, as asked for. */
  record Exists(SnapshotRecord snapshot) implements SnapshotStep {}

  record Refuse(Reason reason, String message) implements SnapshotStep {}

  record Cut(VolumeRecord source) implements SnapshotStep {}

  /**
   * All that the decision looks at.
   *
   * @param existing the snapshot that has the name; null when none has
   * @param source null when there is no such volume
   * @param here this node's place; null when topology is off
   */
  record SnapshotFacts(
      SnapshotSpec spec,
      @Nullable SnapshotRecord existing,
      @Nullable VolumeRecord source,
      @Nullable Topology here) {}

  static SnapshotStep decide(SnapshotFacts facts) {
    var spec = facts.spec();
    if (!spec.parameters().isEmpty()) {
      return new Refuse(
          Reason.INVALID_ARGUMENT,
          "parameter %s is not known; snapshots have none".formatted(spec.parameters().firstKey()));
    }
    var existing = facts.existing();
    if (existing != null) {
      return existing.sourceVolumeId().equals(spec.sourceVolumeId())
          ? new Exists(existing)
          : new Refuse(
              Reason.ALREADY_EXISTS,
              "a snapshot named %s exists and is of volume %s"
                  .formatted(existing.name(), existing.sourceVolumeId()));
    }
    var source = facts.source();
    if (source == null) {
      return new Refuse(
          Reason.NOT_FOUND, "volume %s does not exist".formatted(spec.sourceVolumeId()));
    }
    return Places.reachable(facts.here(), spec.topology().requisite())
        ? new Cut(source)
        : new Refuse(
            Reason.RESOURCE_EXHAUSTED,
            "snapshots of this driver instance are reachable from %s only".formatted(facts.here()));
  }
}
