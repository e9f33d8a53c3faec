package io.csi4j.driver.spi;

/** Whether the user of a volume may write. */
public enum Writing {
  READ_WRITE,
  READ_ONLY;

  public static Writing readOnlyIf(boolean readOnly) {
    return readOnly ? READ_ONLY : READ_WRITE;
  }
}
