package io.csi4j.sidecars.kit.journal;

import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Time;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A shard that is being taken over, beside others. */
final class TakeOver {
  private static final Duration WAIT_MAX = Duration.ofMinutes(2);

  private final Supplier<Map<String, String>> action;
  private final Time.Signal over;

  // Written before the signal is raised, read after.
  private volatile Map<String, String> entries = Map.of();
  private volatile @Nullable RuntimeException failure;

  private TakeOver(Supplier<Map<String, String>> action, Time.Signal over) {
    this.action = action;
    this.over = over;
  }

  static TakeOver begin(Time time, Supplier<Map<String, String>> action) {
    var begun = new TakeOver(action, time.signal());
    time.spawn("csi4j-journal", begun::run);
    return begun;
  }

  // The outermost frame of a fiber: who waits is told whatever happens.
  private void run() {
    try {
      entries = action.get();
    } catch (RuntimeException e) {
      failure = e;
    }
    over.raise();
  }

  Map<String, String> await() {
    if (!over.await(WAIT_MAX)) {
      throw new ApiFailure.Unreachable("journal: could not be taken over in time", null);
    }
    var why = failure;
    if (why != null) {
      throw why;
    }
    return entries;
  }
}
