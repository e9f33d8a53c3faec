package io.csi4j.driver.local;

import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Answer.Nothing;
import io.csi4j.driver.spi.Modification;
import io.csi4j.driver.spi.Reason;
import io.csi4j.driver.spi.Secrets;
import java.util.SortedMap;

/** Changes the {@link Tuning} of volumes, also of those in use. */
final class LocalModification implements Modification {
  private final Records<VolumeRecord> volumes;
  private final LoopImages images;
  private final ImageFiles files;

  LocalModification(Records<VolumeRecord> volumes, LoopImages images, ImageFiles files) {
    this.volumes = volumes;
    this.images = images;
    this.files = files;
  }

  @Override
  public Answer<Nothing> modify(
      String volumeId, SortedMap<String, String> parameters, Secrets secrets) {
    var volume = volumes.ready(volumeId).orElse(null);
    if (volume == null) {
      return Answer.refused(Reason.NOT_FOUND, "volume %s does not exist".formatted(volumeId));
    }
    var objection = Tuning.objection(parameters);
    if (objection.isPresent()) {
      return Answer.refused(Reason.INVALID_ARGUMENT, objection.get());
    }
    var tuned = volume.tuned(parameters);
    if (tuned.equals(volume)) {
      return images.tune(tuned);
    }
    volumes.put(tuned);
    return files.describe(tuned).then(_ -> images.tune(tuned));
  }
}
