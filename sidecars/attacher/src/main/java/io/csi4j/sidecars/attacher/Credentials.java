package io.csi4j.sidecars.attacher;

import java.util.Map;

/** What the driver needs besides the volume, read anew for each call. */
sealed interface Credentials {

  /** Empty where the volume names no secret. */
  record Known(Map<String, String> secrets) implements Credentials {
    @Override
    public String toString() {
      return "***";
    }
  }

  /** The driver cannot be called; {@code reason} is for the user. */
  record Missing(String reason) implements Credentials {}
}
