package io.csi4j.sidecars.kit.options;

import java.util.List;

/** A command line that cannot be used. Each problem is one line: flag, value, what is allowed. */
public final class BadFlags extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BadFlags(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
  }
}
