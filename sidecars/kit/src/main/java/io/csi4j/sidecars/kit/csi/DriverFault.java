package io.csi4j.sidecars.kit.csi;

/** The driver answered in a way that no driver may, so that there is nothing to work with. */
public final class DriverFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DriverFault(String message) {
    super(message);
  }
}
