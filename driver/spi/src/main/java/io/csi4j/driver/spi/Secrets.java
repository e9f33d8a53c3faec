package io.csi4j.driver.spi;

import java.util.Map;
import java.util.Optional;

/**
 * Credentials of one call. They can be read by name, and by nothing else: no log line ever shows
 * them.
 */
public final class Secrets {
  private static final Secrets NONE = new Secrets(Map.of());

  private final Map<String, String> values;

  private Secrets(Map<String, String> values) {
    this.values = Map.copyOf(values);
  }

  public static Secrets none() {
    return NONE;
  }

  public static Secrets of(Map<String, String> values) {
    return new Secrets(values);
  }

  public Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name));
  }

  @Override
  public String toString() {
    return "***";
  }
}
