package io.csi4j.e2e.cluster;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import org.awaitility.core.ThrowingRunnable;

/** Waits for what other processes are about to do. */
final class Eventually {
  static final Duration LIMIT = ofSeconds(90);
  private static final Duration INTERVAL = ofMillis(100);

  private Eventually() {}

  /** What is asked for may not be there yet, such as the log of a container about to start. */
  static void eventually(String what, ThrowingRunnable condition) {
    eventually(LIMIT, what, condition);
  }

  static void eventually(Duration limit, String what, ThrowingRunnable condition) {
    await(what)
        .atMost(limit)
        .pollDelay(Duration.ZERO)
        .pollInterval(INTERVAL)
        .ignoreExceptionsMatching(
            failure ->
                failure instanceof KubernetesClientException
                    || failure instanceof NullPointerException)
        .untilAsserted(condition);
  }
}
