package io.csi4j.sidecars.kit.options;

/** Thrown in place of options when the user asked for help; the message is the list of flags. */
public final class HelpWanted extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public HelpWanted(String flags) {
    super(flags);
  }
}
