package io.csi4j.driver.local;

import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Answer.Nothing;
import io.csi4j.driver.spi.BlockDevices.Content;
import io.csi4j.driver.spi.CapacityRange;
import io.csi4j.driver.spi.Expansion;
import io.csi4j.driver.spi.Reason;
import io.csi4j.driver.spi.Secrets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes volumes larger: first the journal knows, then the image grows, then the devices that it is
 * at present. What a crash leaves between is finished at the next start, so a volume is never
 * smaller than the journal says.
 */
final class LocalExpansion implements Expansion {
  private static final Logger log = LoggerFactory.getLogger(LocalExpansion.class);

  private final Records<VolumeRecord> volumes;
  private final LoopImages images;
  private final ImageFiles files;
  private final PoolRoom room;
  private final long sizeBytesMax;

  LocalExpansion(
      Records<VolumeRecord> volumes,
      LoopImages images,
      LocalVolumes.Works works,
      long sizeBytesMax) {
    this.volumes = volumes;
    this.images = images;
    this.files = works.files();
    this.room = works.room();
    this.sizeBytesMax = sizeBytesMax;
  }

  @Override
  public Answer<Expanded> expand(String volumeId, CapacityRange capacity, Secrets secrets) {
    return grow(volumeId, capacity)
        .map(
            volume ->
                new Expanded(
                    volume.sizeBytes(),
                    switch (volume.content()) {
                      case Content.Raw() -> OnNode.NOTHING_LEFT;
                      case Content.FileSystem _ -> OnNode.EXPAND_TOO;
                    }));
  }

  /** For the node, which may be asked alone. */
  Answer<Long> growOnNode(String volumeId, CapacityRange capacity) {
    return grow(volumeId, capacity).map(VolumeRecord::sizeBytes);
  }

  private Answer<VolumeRecord> grow(String volumeId, CapacityRange capacity) {
    var volume = volumes.ready(volumeId).orElse(null);
    if (volume == null) {
      return Answer.refused(Reason.NOT_FOUND, "volume %s does not exist".formatted(volumeId));
    }
    return switch (SizeChoice.grown(capacity, volume.sizeBytes(), sizeBytesMax)) {
      case SizeChoice.OutOfRange(var why) -> Answer.refused(Reason.OUT_OF_RANGE, why);
      case SizeChoice.Chosen(var bytes) ->
          (bytes == volume.sizeBytes() ? Answer.done(volume) : growImage(volume, bytes))
              .then(grown -> images.adaptSize(volumeId).map(_ -> grown));
    };
  }

  private Answer<VolumeRecord> growImage(VolumeRecord volume, long bytes) {
    return room.with(
        volume.allocation(),
        bytes - volume.sizeBytes(),
        () -> {
          var grown = volume.ofSize(bytes);
          volumes.put(grown);
          return switch (files.grow(grown)) {
            case Answer.Done<Nothing> _ -> {
              log.atInfo()
                  .addKeyValue("volume", grown.id())
                  .addKeyValue("sizeBytes", bytes)
                  .log("grew");
              yield Answer.done(grown);
            }
            case Answer.Refused<Nothing> refused -> {
              volumes.put(volume);
              yield refused.as();
            }
          };
        });
  }
}
