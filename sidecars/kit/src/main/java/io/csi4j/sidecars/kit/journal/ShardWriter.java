package io.csi4j.sidecars.kit.journal;

import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Time;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes one ConfigMap, one write at a time. What the object holds is remembered from the last
 * write; after a failure it is not known, and the next write begins with a read.
 */
final class ShardWriter {
  private static final int TRIES_MAX = 5;

  private final Cluster cluster;
  private final Time time;
  private final ObjectKey key;
  private final long bytesMax;

  /** Confined to whoever writes. */
  private @Nullable ShardObject known;

  ShardWriter(Cluster cluster, Time time, ObjectKey key, long bytesMax) {
    this.cluster = cluster;
    this.time = time;
    this.key = key;
    this.bytesMax = bytesMax;
  }

  /**
   * What the server has, and will have until we write: the object is written once as it is, so that
   * a write that an earlier process has sent and that is still on its way meets another version,
   * and is refused. Otherwise it could remove an intent that we are about to rely upon.
   */
  ShardContent takeOver() {
    for (var tries = 1; ; tries++) {
      try {
        var before = read();
        var term = ShardObject.newTerm(time.random());
        var written =
            before == null
                ? create(ShardContent.EMPTY, term)
                : cluster.replace(ShardObject.KIND, before.inTerm(term));
        return written.content();
      } catch (ApiFailure.Conflict | ApiFailure.AlreadyExists | ApiFailure.NotFound e) {
        if (tries == TRIES_MAX) {
          throw e;
        }
      }
    }
  }

  /** What the object holds when this returns. */
  ShardContent.Applied commit(Map<String, @Nullable String> changes) {
    var last = known;
    known = null;
    for (var tries = 1; ; tries++) {
      try {
        var before = last != null ? last : read();
        var content = before == null ? ShardContent.EMPTY : before.content();
        var applied = content.apply(changes, bytesMax);
        known = applied.content().equals(content) ? before : write(before, applied.content());
        return applied;
      } catch (ApiFailure.Conflict | ApiFailure.AlreadyExists | ApiFailure.NotFound e) {
        // Somebody else wrote, made or deleted the object: build on what is there now.
        last = null;
        if (tries == TRIES_MAX) {
          throw e;
        }
      }
    }
  }

  private @Nullable ShardObject read() {
    return cluster.read(ShardObject.KIND, key).orElse(null);
  }

  private ShardObject write(@Nullable ShardObject before, ShardContent content) {
    return before == null
        ? create(content, ShardObject.newTerm(time.random()))
        : cluster.replace(ShardObject.KIND, before.with(content));
  }

  private ShardObject create(ShardContent content, String term) {
    return cluster.create(ShardObject.KIND, ShardObject.create(key, content, term));
  }
}
