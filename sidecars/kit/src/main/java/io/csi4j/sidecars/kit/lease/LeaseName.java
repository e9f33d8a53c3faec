package io.csi4j.sidecars.kit.lease;

/** Names as the Go tools make them: both kinds of replica must mean the same lease. */
public final class LeaseName {
  private LeaseName() {}

  /**
   * Other characters become dashes, and a name does not end with one. Upper case stays, which the
   * API server then refuses, as it does with the Go tools.
   */
  public static String sanitized(String name) {
    var text = name.replaceAll("[^a-zA-Z0-9-]", "-");
    return text.endsWith("-") ? text + "X" : text;
  }
}
