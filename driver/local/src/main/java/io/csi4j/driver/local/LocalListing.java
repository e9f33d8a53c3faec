package io.csi4j.driver.local;

import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Reason;
import io.csi4j.driver.spi.VolumeListing;
import java.util.List;

/** Which volumes there are. */
final class LocalListing implements VolumeListing {
  private final Stores stores;
  private final LocalVolumes volumes;

  LocalListing(Stores stores, LocalVolumes volumes) {
    this.stores = stores;
    this.volumes = volumes;
  }

  @Override
  public List<ListedVolume> volumesAfter(String lastId, int countMax) {
    return stores.volumes().readyAfter(lastId, countMax, _ -> true).stream()
        .map(this::listed)
        .toList();
  }

  @Override
  public Answer<ListedVolume> volume(String volumeId) {
    return stores
        .volumes()
        .ready(volumeId)
        .map(found -> Answer.done(listed(found)))
        .orElseGet(
            () -> Answer.refused(Reason.NOT_FOUND, "volume %s does not exist".formatted(volumeId)));
  }

  private ListedVolume listed(VolumeRecord volume) {
    var nodeIds =
        stores.attachments().ofVolume(volume.id()).stream().map(AttachmentRecord::nodeId).toList();
    return new ListedVolume(volumes.shown(volume), nodeIds);
  }
}
