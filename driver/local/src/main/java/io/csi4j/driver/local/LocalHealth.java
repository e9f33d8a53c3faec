package io.csi4j.driver.local;

import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Health;
import io.csi4j.driver.spi.HealthProblem;
import io.csi4j.driver.spi.HealthProblem.Kind;
import io.csi4j.driver.spi.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is wrong with volumes, as seen from their images. */
final class LocalHealth implements Health {
  private final Records<VolumeRecord> volumes;
  private final Pool pool;
  private final PoolRoom room;

  LocalHealth(Records<VolumeRecord> volumes, Pool pool, PoolRoom room) {
    this.volumes = volumes;
    this.pool = pool;
    this.room = room;
  }

  @Override
  public Answer<List<HealthProblem>> problems(String volumeId) {
    return volumes
        .ready(volumeId)
        .map(volume -> Answer.done(problems(volume)))
        .orElseGet(
            () -> Answer.refused(Reason.NOT_FOUND, "volume %s does not exist".formatted(volumeId)));
  }

  @Override
  public SortedMap<String, List<HealthProblem>> problemsAfter(String lastId, int countMax) {
    var found = new TreeMap<String, List<HealthProblem>>();
    for (var volume : volumes.readyAfter(lastId, Integer.MAX_VALUE, _ -> true)) {
      var problems = problems(volume);
      if (!problems.isEmpty()) {
        found.put(volume.id(), problems);
      }
      if (found.size() == countMax) {
        break;
      }
    }
    return Collections.unmodifiableSortedMap(found);
  }

  /** Of the pool as a whole. */
  List<HealthProblem> storageProblems() {
    return switch (room.availableBytes(Allocation.THICK)) {
      case Answer.Refused<Long>(_, var message) ->
          List.of(new HealthProblem(Kind.INACCESSIBLE, "PoolUnreadable", message));
      case Answer.Done<Long>(var bytes) ->
          bytes > 0
              ? List.of()
              : List.of(
                  new HealthProblem(
                      Kind.DEGRADED,
                      "PoolFull",
                      "pool %s is full: writes to thin volumes may fail".formatted(pool.folder())));
    };
  }

  private List<HealthProblem> problems(VolumeRecord volume) {
    List<HealthProblem> problems = new ArrayList<>();
    var image = pool.image(volume.id());
    try {
      var bytes = Files.size(image);
      if (bytes < volume.sizeBytes()) {
        problems.add(
            new HealthProblem(
                Kind.DATA_LOSS,
                "ImageTooShort",
                "image %s has %d bytes and should have %d"
                    .formatted(image, bytes, volume.sizeBytes())));
      }
    } catch (NoSuchFileException _) {
      problems.add(
          new HealthProblem(
              Kind.DATA_LOSS, "ImageMissing", "image %s does not exist".formatted(image)));
    } catch (IOException failure) {
      problems.add(
          new HealthProblem(
              Kind.INACCESSIBLE, "ImageUnreadable", "image %s: %s".formatted(image, failure)));
    }
    if (volume.allocation() == Allocation.THIN) {
      problems.addAll(storageProblems());
    }
    return List.copyOf(problems);
  }
}
