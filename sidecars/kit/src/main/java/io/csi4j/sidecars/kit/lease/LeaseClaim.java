package io.csi4j.sidecars.kit.lease;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.lease.LeaseFacts.Seen;
import io.csi4j.sidecars.kit.lease.LeaseFacts.Source;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Our claim to one lease: tries to get or keep it, and remembers what it saw. One fiber at a time
 * may use it.
 */
final class LeaseClaim {
  private final Cluster cluster;
  private final Time time;
  private final Candidate candidate;
  private final ObjectKey key;
  private final String identity;
  private final Duration duration;
  private final Map<String, String> labels;
  private final TermWatcher watcher;
  private @Nullable Seen seen;

  LeaseClaim(
      Cluster cluster, Time time, Candidate candidate, Duration duration, TermWatcher watcher) {
    this.candidate = candidate;
    this.watcher = watcher;
    this.cluster = cluster;
    this.time = time;
    this.key = candidate.lease();
    this.identity = candidate.identity();
    this.labels = candidate.labels();
    this.duration = duration;
  }

  /** What a try brought. */
  sealed interface Result {

    /** Ours, counted from before the request left: later than that nobody can have taken it. */
    record Ours(long sinceNanos, Meta lease) implements Result {}

    record Others(String holder) implements Result {}

    record Failed(String why) implements Result {}
  }

  Result attempt() {
    try {
      return perform(Source.MEMORY);
    } catch (ApiFailure e) {
      return new Result.Failed(String.valueOf(e.getMessage()));
    }
  }

  private Result perform(Source source) {
    var step = LeaseStep.decide(new LeaseFacts(identity, source, seen, time.nanos()));
    return switch (step) {
      case LeaseStep.Look() -> look();
      case LeaseStep.Create() -> create();
      case LeaseStep.Renew(var lease) -> renew(source, lease);
      case LeaseStep.Take(var lease) ->
          write(
              lease,
              LeaseRecord.acquired(
                  identity, duration, time.now(), lease.record().transitions() + 1));
      case LeaseStep.Leave(var holder) -> new Result.Others(holder);
    };
  }

  private Result look() {
    var found = cluster.read(Lease.KIND, key);
    remember(found.orElse(null), time.nanos());
    return perform(Source.SERVER);
  }

  private Result renew(Source source, Lease lease) {
    var next = lease.record().renewed(duration, time.now());
    if (source == Source.SERVER) {
      return write(lease, next);
    }
    try {
      return write(lease, next);
    } catch (ApiFailure _) {
      // What we remember is not what the server has, or it could not say: ask.
      watcher.renewedSlowly(candidate);
      return look();
    }
  }

  private Result create() {
    var object = JsonNodeFactory.instance.objectNode();
    var metadata = object.putObject("metadata");
    metadata.put("namespace", key.namespace()).put("name", key.name());
    if (!labels.isEmpty()) {
      var all = metadata.putObject("labels");
      labels.forEach(all::put);
    }
    LeaseRecord.acquired(identity, duration, time.now(), 0).writeTo(object.putObject("spec"));
    var before = time.nanos();
    return ours(cluster.create(Lease.KIND, object), before);
  }

  private Result write(Lease lease, LeaseRecord next) {
    var before = time.nanos();
    return ours(cluster.replace(Lease.KIND, lease.with(next, labels)), before);
  }

  private Result ours(Lease written, long beforeNanos) {
    seen = new Seen(written, beforeNanos);
    return new Result.Ours(beforeNanos, written.meta());
  }

  /** How long the lease is still another's, as far as this process has seen. */
  Duration left() {
    var left = seen == null ? Duration.ZERO : seen.left(time.nanos());
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** Takes in what a watch told; says whether another has the lease and keeps it. */
  boolean isOthers(LeaseNews.Heard heard) {
    var lease = heard.lease();
    if (lease == null || seen == null || lease.isNewerThan(seen.lease())) {
      remember(lease, heard.nanos());
    }
    // Whatever else it may be now, only a look can tell.
    return LeaseStep.decide(new LeaseFacts(identity, Source.SERVER, seen, time.nanos()))
        instanceof LeaseStep.Leave;
  }

  /** The clock starts anew only when the record has changed: that is a sign of life. */
  private void remember(@Nullable Lease lease, long nowNanos) {
    if (lease == null) {
      seen = null;
    } else if (seen != null && seen.lease().record().equals(lease.record())) {
      seen = new Seen(lease, seen.sinceNanos());
    } else {
      seen = new Seen(lease, nowNanos);
    }
  }

  /** Gives the lease back where it is still ours. */
  void release() {
    var lease = cluster.read(Lease.KIND, key).orElse(null);
    if (lease != null && lease.record().holder().equals(identity)) {
      cluster.replace(Lease.KIND, lease.with(lease.record().released(time.now()), Map.of()));
    }
    seen = null;
  }
}
