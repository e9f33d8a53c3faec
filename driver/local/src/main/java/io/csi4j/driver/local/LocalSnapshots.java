package io.csi4j.driver.local;

import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Answer.Nothing;
import io.csi4j.driver.spi.Reason;
import io.csi4j.driver.spi.Secrets;
import io.csi4j.driver.spi.Snapshot;
import io.csi4j.driver.spi.SnapshotSpec;
import io.csi4j.driver.spi.Snapshots;
import io.csi4j.driver.spi.Topology;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out {@link SnapshotStep}. */
final class LocalSnapshots implements Snapshots {
  private static final Logger log = LoggerFactory.getLogger(LocalSnapshots.class);

  private final Stores stores;
  private final Cutting cutting;
  private final @Nullable Topology here;

  /** What snapshots are made with. */
  record Cutting(ImageFiles files, Cuts cuts, Ids ids, InstantSource clock) {}

  LocalSnapshots(Stores stores, Cutting cutting, @Nullable Topology here) {
    this.stores = stores;
    this.cutting = cutting;
    this.here = here;
  }

  /** Finishes what a crash has cut short. To be called before anybody else may. */
  void recover() {
    for (var snapshot : stores.snapshots().all()) {
      if (snapshot.stage() != Stage.READY
          && remove(snapshot) instanceof Answer.Refused<Nothing>(_, var message)) {
        log.atWarn()
            .addKeyValue("snapshot", snapshot.id())
            .addKeyValue("reason", message)
            .log("could not finish removing");
      }
    }
  }

  @Override
  public Answer<Snapshot> snapshot(SnapshotSpec spec) {
    var existing = stores.snapshots().byName(spec.name()).orElse(null);
    if (existing != null && existing.stage() != Stage.READY) {
      return remove(existing).then(_ -> snapshot(spec, null));
    }
    return snapshot(spec, existing);
  }

  @Override
  public Answer<Nothing> deleteSnapshot(String snapshotId, Secrets secrets) {
    var found = stores.snapshots().byId(snapshotId).orElse(null);
    if (found == null) {
      return cutting.ids().foreign(snapshotId)
          ? Answer.refused(
              Reason.UNAVAILABLE,
              "snapshot %s belongs to another node, whose driver has to delete it"
                  .formatted(snapshotId))
          : Answer.done();
    }
    return found.groupId().isEmpty()
        ? remove(found)
        : Answer.refused(
            Reason.INVALID_ARGUMENT,
            "snapshot %s belongs to group %s and goes with it"
                .formatted(snapshotId, found.groupId()));
  }

  @Override
  public Answer<Snapshot> findSnapshot(String snapshotId) {
    return stores
        .snapshots()
        .ready(snapshotId)
        .map(found -> Answer.done(shown(found)))
        .orElseGet(
            () ->
                Answer.refused(
                    Reason.NOT_FOUND, "snapshot %s does not exist".formatted(snapshotId)));
  }

  @Override
  public List<Snapshot> snapshotsAfter(String lastId, int countMax, String sourceVolumeId) {
    return stores
        .snapshots()
        .readyAfter(
            lastId,
            countMax,
            each -> sourceVolumeId.isEmpty() || each.sourceVolumeId().equals(sourceVolumeId))
        .stream()
        .map(this::shown)
        .toList();
  }

  /** May be repeated; forgets the snapshot only after its files are gone. */
  Answer<Nothing> remove(SnapshotRecord snapshot) {
    if (snapshot.stage() == Stage.READY) {
      stores.snapshots().put(snapshot.in(Stage.BEING_REMOVED));
    }
    return cutting
        .files()
        .removeSnapshot(snapshot.id())
        .map(
            nothing -> {
              stores.snapshots().remove(snapshot);
              log.atInfo().addKeyValue("snapshot", snapshot.id()).log("removed");
              return nothing;
            });
  }

  Snapshot shown(SnapshotRecord snapshot) {
    return new Snapshot(
        snapshot.id(),
        snapshot.sourceVolumeId(),
        snapshot.sizeBytes(),
        snapshot.cutAt(),
        snapshot.groupId().isEmpty() ? null : snapshot.groupId(),
        here == null ? List.of() : List.of(here));
  }

  private Answer<Snapshot> snapshot(SnapshotSpec spec, @Nullable SnapshotRecord existing) {
    var source = stores.volumes().ready(spec.sourceVolumeId()).orElse(null);
    var facts = new SnapshotStep.SnapshotFacts(spec, existing, source, here);
    return switch (SnapshotStep.decide(facts)) {
      case SnapshotStep.Exists(var snapshot) -> Answer.done(shown(snapshot));
      case SnapshotStep.Refuse(var reason, var message) -> Answer.refused(reason, message);
      case SnapshotStep.Cut(var volume) -> cut(spec, volume);
    };
  }

  private Answer<Snapshot> cut(SnapshotSpec spec, VolumeRecord volume) {
    var now = cutting.clock().instant();
    var snapshot = SnapshotRecord.beingMade(cutting.ids().next(), spec.name(), volume, now);
    // The intent first: after a crash it is all that remembers that files may be there.
    stores.snapshots().put(snapshot);
    var files = cutting.files();
    var answer =
        cutting
            .cuts()
            .during(
                List.of(volume),
                Standstill.RawInUse.CUT_ANYHOW,
                () -> files.cut(volume.id(), snapshot))
            .then(_ -> files.keep(snapshot));
    return switch (answer) {
      case Answer.Done<Nothing> _ -> {
        var ready = snapshot.in(Stage.READY);
        stores.snapshots().put(ready);
        log.atInfo()
            .addKeyValue("snapshot", ready.id())
            .addKeyValue("volume", volume.id())
            .log("cut");
        yield Answer.done(shown(ready));
      }
      case Answer.Refused<Nothing> refused -> {
        remove(snapshot);
        yield refused.as();
      }
    };
  }
}
