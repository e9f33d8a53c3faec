package io.csi4j.sidecars.kit.pacing;

import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Time;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets requests to the API server through at a given rate, all kinds alike. Only for those who ask
 * for it: by itself csi4j goes as fast as the server lets it.
 */
public final class Pacer {
  private static final Logger log = LoggerFactory.getLogger(Pacer.class);
  private static final Duration WORTH_A_WORD = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofSeconds(1);
  private static final Duration LOG_EACH = Duration.ofSeconds(10);
  private static final String REASON = "client-side throttling, not priority and fairness";

  private final Time time;
  private final @Nullable TokenBucket bucket;
  private final AtomicLong quietUntilNanos;

  private Pacer(Time time, @Nullable TokenBucket bucket) {
    this.time = time;
    this.bucket = bucket;
    this.quietUntilNanos = new AtomicLong(time.nanos());
  }

  public static Pacer of(PacingOptions options, Time time) {
    var bucket =
        switch (options) {
          case PacingOptions.Unlimited() -> null;
          case PacingOptions.Limited(var interval, var burst) -> new TokenBucket(interval, burst);
        };
    return new Pacer(time, bucket);
  }

  /** Waits as long as it takes; the request's own time limit starts afterwards. */
  public void await(String request) {
    if (bucket != null) {
      pause(request, bucket, bucket.take(time.nanos()));
    }
  }

  /** Waits no longer than this: if that is too short, fails at once and takes no token. */
  public void await(String request, Duration limit) {
    if (bucket == null) {
      return;
    }
    var wait = bucket.take(time.nanos());
    if (wait.compareTo(limit) > 0) {
      bucket.giveBack();
      throw new ApiFailure.Throttled(
          request
              + ": client rate limiter Wait returned an error:"
              + " rate: Wait(n=1) would exceed context deadline",
          wait);
    }
    pause(request, bucket, wait);
  }

  private void pause(String request, TokenBucket from, Duration wait) {
    if (wait.isZero()) {
      return;
    }
    say(request, wait);
    try {
      time.sleep(wait);
    } catch (CancellationException e) {
      from.giveBack();
      throw e;
    }
  }

  private void say(String request, Duration wait) {
    var now = time.nanos();
    var quiet = quietUntilNanos.get();
    if (wait.compareTo(LONG) > 0
        && now - quiet >= 0
        && quietUntilNanos.compareAndSet(quiet, now + LOG_EACH.toNanos())) {
      log.atInfo()
          .addKeyValue("request", request)
          .addKeyValue("next", wait)
          .addKeyValue("reason", REASON)
          .log("waited before a request");
    } else if (wait.compareTo(WORTH_A_WORD) > 0) {
      log.atDebug()
          .addKeyValue("request", request)
          .addKeyValue("next", wait)
          .addKeyValue("reason", REASON)
          .log("waited before a request");
    }
  }
}
