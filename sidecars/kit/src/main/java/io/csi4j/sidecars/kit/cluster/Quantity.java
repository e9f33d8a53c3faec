package io.csi4j.sidecars.kit.cluster;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;

/** Kubernetes quantities of storage: read any form, write the canonical binary one. */
public final class Quantity {

  private static final Map<String, BigDecimal> SUFFIXES =
      Map.ofEntries(
          Map.entry("", BigDecimal.ONE),
          Map.entry("n", BigDecimal.ONE.movePointLeft(9)),
          Map.entry("u", BigDecimal.ONE.movePointLeft(6)),
          Map.entry("m", BigDecimal.ONE.movePointLeft(3)),
          Map.entry("k", BigDecimal.TEN.pow(3)),
          Map.entry("M", BigDecimal.TEN.pow(6)),
          Map.entry("G", BigDecimal.TEN.pow(9)),
          Map.entry("T", BigDecimal.TEN.pow(12)),
          Map.entry("P", BigDecimal.TEN.pow(15)),
          Map.entry("E", BigDecimal.TEN.pow(18)),
          Map.entry("Ki", new BigDecimal(1L << 10)),
          Map.entry("Mi", new BigDecimal(1L << 20)),
          Map.entry("Gi", new BigDecimal(1L << 30)),
          Map.entry("Ti", new BigDecimal(1L << 40)),
          Map.entry("Pi", new BigDecimal(1L << 50)),
          Map.entry("Ei", new BigDecimal(1L << 60)));

  private static final BigDecimal MAX_BYTES = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final String[] BINARY_SUFFIXES = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};

  private Quantity() {}

  /** Whole bytes, rounded up; what does not fit is cut to the largest number there is. */
  public static long bytes(String quantity) {
    var end = quantity.length();
    // An exponent (1e9, 1E3) ends in a digit, a suffix (1E, 1Gi) does not: so the suffix is what
    // trails the last digit.
    while (end > 0 && !isNumeric(quantity.charAt(end - 1))) {
      end--;
    }
    var suffix = SUFFIXES.get(quantity.substring(end));
    if (end == 0 || suffix == null) {
      throw new IllegalArgumentException(
          "%s: not a quantity, such as 10Gi or 5M".formatted(quantity));
    }
    var exact = new BigDecimal(quantity.substring(0, end)).multiply(suffix);
    return exact.setScale(0, RoundingMode.CEILING).min(MAX_BYTES).longValueExact();
  }

  /** The canonical form: divided by 1024 as long as that is exact. */
  public static String ofBytes(long bytes) {
    var value = bytes;
    var power = 0;
    while (value != 0 && value % 1024 == 0 && power < BINARY_SUFFIXES.length - 1) {
      value /= 1024;
      power++;
    }
    return value + BINARY_SUFFIXES[power];
  }

  private static boolean isNumeric(char c) {
    return (c >= '0' && c <= '9') || c == '.';
  }
}
