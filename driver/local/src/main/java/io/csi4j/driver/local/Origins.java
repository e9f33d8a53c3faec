package io.csi4j.driver.local;

import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Answer.Nothing;
import io.csi4j.driver.spi.ContentSource;
import io.csi4j.driver.spi.Reason;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What new volumes are filled with: snapshots, and volumes that may be in use. */
final class Origins {
  private final Stores stores;
  private final Pool pool;
  private final Cuts cuts;
  private final Ids ids;

  Origins(Stores stores, Pool pool, Cuts cuts, Ids ids) {
    this.stores = stores;
    this.pool = pool;
    this.cuts = cuts;
    this.ids = ids;
  }

  Origin find(ContentSource source) {
    return switch (source) {
      case ContentSource.Blank() -> new Origin.None();
      case ContentSource.FromSnapshot(var id) ->
          stores
              .snapshots()
              .ready(id)
              .<Origin>map(found -> new Origin.Known(found.sizeBytes(), found.content()))
              .orElseGet(() -> missing("snapshot " + id, id));
      case ContentSource.FromVolume(var id) ->
          stores
              .volumes()
              .ready(id)
              .<Origin>map(found -> new Origin.Known(found.sizeBytes(), found.content()))
              .orElseGet(() -> missing("volume " + id, id));
    };
  }

  /**
   * Runs work on the image of the source, null for none, while nothing writes to it. The source has
   * been found before, and its lock is held.
   */
  Answer<Nothing> with(ContentSource source, Function<@Nullable Path, Answer<Nothing>> work) {
    return switch (source) {
      case ContentSource.Blank() -> work.apply(null);
      case ContentSource.FromSnapshot(var id) -> work.apply(pool.snapshotImage(id));
      case ContentSource.FromVolume(var id) ->
          stores
              .volumes()
              .ready(id)
              .map(
                  volume ->
                      cuts.during(
                          List.of(volume),
                          Standstill.RawInUse.CUT_ANYHOW,
                          () -> work.apply(pool.image(id))))
              .orElseGet(
                  () -> Answer.refused(Reason.NOT_FOUND, "volume %s does not exist".formatted(id)));
    };
  }

  private Origin missing(String what, String id) {
    return ids.foreign(id) ? new Origin.Elsewhere(what) : new Origin.Unknown(what);
  }
}
