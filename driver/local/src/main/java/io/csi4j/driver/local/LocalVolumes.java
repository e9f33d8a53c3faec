package io.csi4j.driver.local;

import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Answer.Nothing;
import io.csi4j.driver.spi.Reason;
import io.csi4j.driver.spi.Secrets;
import io.csi4j.driver.spi.Topology;
import io.csi4j.driver.spi.Volume;
import io.csi4j.driver.spi.VolumeSpec;
import io.csi4j.driver.spi.Volumes;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out {@link CreateStep} and {@link DeleteStep}. */
final class LocalVolumes implements Volumes {
  private static final Logger log = LoggerFactory.getLogger(LocalVolumes.class);

  private final Records<VolumeRecord> volumes;
  private final AttachmentStore attachments;
  private final LoopImages images;
  private final Origins origins;
  private final Works works;
  private final Limits limits;

  /**
   * Bounds of this instance.
   *
   * @param here this node's place; null when topology is off
   */
  record Limits(@Nullable Topology here, long sizeBytesMax) {}

  /** What makes things. */
  record Works(ImageFiles files, PoolRoom room, Ids ids) {}

  LocalVolumes(Stores stores, LoopImages images, Origins origins, Works works, Limits limits) {
    this.volumes = stores.volumes();
    this.attachments = stores.attachments();
    this.images = images;
    this.origins = origins;
    this.works = works;
    this.limits = limits;
  }

  /** Finishes what a crash has cut short. To be called before anybody else may. */
  void recover() {
    for (var volume : volumes.all()) {
      var answer =
          switch (volume.stage()) {
            // A crash while it grew: the journal knows the size that was meant.
            case READY -> works.files().grow(volume);
            case BEING_MADE, BEING_REMOVED -> finishRemoval(volume);
          };
      if (answer instanceof Answer.Refused<Nothing>(_, var message)) {
        // The next call for it tries again.
        log.atWarn()
            .addKeyValue("volume", volume.id())
            .addKeyValue("reason", message)
            .log("could not finish what was begun");
      }
    }
  }

  @Override
  public Answer<Volume> create(VolumeSpec spec) {
    var existing = volumes.byName(spec.name()).orElse(null);
    if (existing != null && existing.stage() != Stage.READY) {
      // Left by a call that failed half-way. Removing may be repeated, also beside a call that does
      // the same right now.
      return finishRemoval(existing).then(_ -> create(spec, null));
    }
    return create(spec, existing);
  }

  @Override
  public Answer<Nothing> delete(String volumeId, Secrets secrets) {
    var facts =
        new DeleteStep.DeleteFacts(
            volumes.byId(volumeId).orElse(null),
            images.attached(volumeId),
            attachments.ofVolume(volumeId));
    return switch (DeleteStep.decide(facts)) {
      case DeleteStep.Gone() -> gone(volumeId);
      case DeleteStep.Refuse(var reason, var message) -> Answer.refused(reason, message);
      case DeleteStep.Remove(var volume) -> {
        volumes.put(volume.in(Stage.BEING_REMOVED));
        yield finishRemoval(volume);
      }
    };
  }

  @Override
  public Answer<Support> supports(String volumeId, Usage usage) {
    var volume = volumes.ready(volumeId);
    return volume.isEmpty()
        ? Answer.refused(Reason.NOT_FOUND, "volume %s does not exist".formatted(volumeId))
        : Answer.done(support(volume.get(), usage));
  }

  private Answer<Volume> create(VolumeSpec spec, @Nullable VolumeRecord existing) {
    var facts =
        new CreateStep.CreateFacts(
            spec, existing, origins.find(spec.source()), limits.here(), limits.sizeBytesMax());
    return switch (CreateStep.decide(facts)) {
      case CreateStep.Exists(var volume) -> Answer.done(shown(volume));
      case CreateStep.Refuse(var reason, var message) -> Answer.refused(reason, message);
      case CreateStep.Make make -> make(spec, make).map(this::shown);
    };
  }

  private static Support support(VolumeRecord volume, Usage usage) {
    for (var capability : usage.capabilities()) {
      var objection = Offer.objection(volume, capability);
      if (objection.isPresent()) {
        return new Support.NotSupported(objection.get());
      }
    }
    if (!usage.parameters().isEmpty() && !usage.parameters().equals(volume.parameters())) {
      return new Support.NotSupported(
          "the parameters of volume %s are %s".formatted(volume.id(), volume.parameters()));
    }
    return new Support.Supported(new TreeMap<>());
  }

  private Answer<VolumeRecord> make(VolumeSpec spec, CreateStep.Make step) {
    var volume =
        new VolumeRecord(
            works.ids().next(),
            spec.name(),
            step.sizeBytes(),
            step.content(),
            spec.parameters(),
            spec.mutableParameters(),
            spec.source(),
            Stage.BEING_MADE);
    return works.room().with(volume.allocation(), volume.sizeBytes(), () -> makeReserved(volume));
  }

  private Answer<VolumeRecord> makeReserved(VolumeRecord volume) {
    // The intent first: after a crash it is all that remembers that files may be there.
    volumes.put(volume);
    return switch (origins.with(volume.source(), origin -> works.files().make(volume, origin))) {
      case Answer.Done<Nothing> _ -> {
        var ready = volume.in(Stage.READY);
        volumes.put(ready);
        log.atInfo()
            .addKeyValue("volume", ready.id())
            .addKeyValue("name", ready.name())
            .addKeyValue("sizeBytes", ready.sizeBytes())
            .log("created");
        yield Answer.done(ready);
      }
      case Answer.Refused<Nothing> refused -> {
        finishRemoval(volume);
        yield refused.as();
      }
    };
  }

  private Answer<Nothing> gone(String volumeId) {
    return works.ids().foreign(volumeId)
        ? Answer.refused(
            Reason.UNAVAILABLE,
            "volume %s belongs to another node, whose driver has to delete it".formatted(volumeId))
        : Answer.done();
  }

  /** May be repeated; forgets the volume only after its files are gone. */
  private Answer<Nothing> finishRemoval(VolumeRecord volume) {
    return works
        .files()
        .removeVolume(volume.id())
        .map(
            nothing -> {
              volumes.remove(volume);
              log.atInfo()
                  .addKeyValue("volume", volume.id())
                  .addKeyValue("name", volume.name())
                  .log("removed");
              return nothing;
            });
  }

  Volume shown(VolumeRecord volume) {
    var here = limits.here();
    return new Volume(
        volume.id(),
        volume.sizeBytes(),
        new TreeMap<>(),
        volume.source(),
        here == null ? List.of() : List.of(here));
  }
}
