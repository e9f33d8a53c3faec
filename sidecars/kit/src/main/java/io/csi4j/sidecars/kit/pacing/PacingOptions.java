package io.csi4j.sidecars.kit.pacing;

import io.csi4j.sidecars.kit.options.Flags;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/**
 * How many requests a second the API server may get from us. The Go tools' defaults of 5 and 10
 * hold nothing back but themselves, so no limit holds unless one is given.
 */
public sealed interface PacingOptions {

  record Unlimited() implements PacingOptions {}

  record Limited(Duration interval, int burst) implements PacingOptions {}

  /** What 0 means to the Go tools. */
  BigDecimal DEFAULT_QPS = BigDecimal.valueOf(5);

  int DEFAULT_BURST = 10;

  static PacingOptions from(Flags flags) {
    var text =
        flags.text("kube-api-qps", "", "requests per second to the API server; empty for no limit");
    var burst = flags.count("kube-api-burst", DEFAULT_BURST, "requests at once, with a limit");
    var wellFormed = text.isEmpty() || text.matches("-?\\d{1,6}(\\.\\d{1,6})?");
    flags.require(
        wellFormed, "kube-api-qps", "a number such as 5 or 7.5, or negative for no limit");
    if (text.isEmpty() || !wellFormed) {
      return new Unlimited();
    }
    var qps = new BigDecimal(text);
    if (qps.signum() < 0) {
      return new Unlimited();
    }
    return new Limited(
        interval(qps.signum() == 0 ? DEFAULT_QPS : qps), burst == 0 ? DEFAULT_BURST : burst);
  }

  private static Duration interval(BigDecimal qps) {
    var nanos = BigDecimal.valueOf(Duration.ofSeconds(1).toNanos());
    return Duration.ofNanos(nanos.divide(qps, RoundingMode.HALF_UP).longValue());
  }
}
