package io.csi4j.e2e.sandbox.json;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Kubernetes quantity such as {@code 10Gi}, {@code 1500M}, {@code 1e3} or {@code 250m}. */
public record Quantity(BigDecimal value, Form form) implements Comparable<Quantity> {
  private static final Pattern SHAPE =
      Pattern.compile("([+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+))([KMGTPE]i|[numkMGTPE]|[eE][+-]?\\d+)?");
  private static final String BINARY = "KMGTPE";
  private static final String DECIMAL = "kMGTPE";
  private static final String SMALL = "mun";
  private static final BigDecimal KIBI = BigDecimal.valueOf(1024);
  private static final BigDecimal KILO = BigDecimal.valueOf(1000);

  /** How the quantity was written, and is written again. */
  public enum Form {
    BINARY,
    DECIMAL,
    EXPONENT
  }

  public static Optional<Quantity> of(String text) {
    var match = SHAPE.matcher(text);
    return match.matches() ? Optional.of(read(match)) : Optional.empty();
  }

  private static Quantity read(Matcher match) {
    var number = new BigDecimal(match.group(1));
    var suffix = match.group(2);
    if (suffix == null) {
      return new Quantity(number, Form.DECIMAL);
    }
    if (suffix.endsWith("i")) {
      var power = BINARY.indexOf(suffix.charAt(0)) + 1;
      return new Quantity(number.multiply(KIBI.pow(power)), Form.BINARY);
    }
    if (suffix.length() > 1) {
      var power = Integer.parseInt(suffix.substring(1));
      return new Quantity(number.scaleByPowerOfTen(power), Form.EXPONENT);
    }
    var small = SMALL.indexOf(suffix);
    var power = small >= 0 ? -3 * (small + 1) : 3 * (DECIMAL.indexOf(suffix) + 1);
    return new Quantity(number.scaleByPowerOfTen(power), Form.DECIMAL);
  }

  /** The one way the API server writes this quantity. */
  public String canonical() {
    if (value.signum() == 0) {
      return "0";
    }
    return switch (form) {
      case BINARY -> whole(value) && value.abs().compareTo(KIBI) >= 0 ? binary() : decimal();
      case DECIMAL -> decimal();
      case EXPONENT -> exponent();
    };
  }

  private String binary() {
    var rest = value;
    var power = 0;
    while (power < BINARY.length() && whole(rest.divide(KIBI))) {
      rest = rest.divide(KIBI);
      power++;
    }
    return plain(rest) + (power == 0 ? "" : BINARY.charAt(power - 1) + "i");
  }

  private String decimal() {
    var rest = value;
    var power = 0;
    while (power < DECIMAL.length() && whole(rest.divide(KILO))) {
      rest = rest.divide(KILO);
      power++;
    }
    while (power > -SMALL.length() && !whole(rest)) {
      rest = rest.multiply(KILO);
      power--;
    }
    rest = rest.setScale(0, RoundingMode.UP);
    var suffix = power > 0 ? DECIMAL.substring(power - 1, power) : "";
    return plain(rest) + (power < 0 ? SMALL.substring(-power - 1, -power) : suffix);
  }

  private String exponent() {
    var rest = value;
    var power = 0;
    while (whole(rest.divide(KILO))) {
      rest = rest.divide(KILO);
      power += 3;
    }
    return plain(rest) + (power == 0 ? "" : "e" + power);
  }

  private static boolean whole(BigDecimal number) {
    return number.stripTrailingZeros().scale() <= 0;
  }

  private static String plain(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }

  @Override
  public int compareTo(Quantity other) {
    return value.compareTo(other.value);
  }
}
