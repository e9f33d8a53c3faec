package io.csi4j.sidecars.kit.component;

/** A part of the program, built from its flags and not yet running. */
public interface Component extends AutoCloseable {

  /**
   * Works until {@link #close} is called from another thread, and returns after an orderly end.
   * Throws {@link Fatal} for what it cannot heal by itself.
   */
  void run() throws InterruptedException;

  /** Asks for an orderly end; returns at once or soon, and may be called twice. */
  @Override
  void close();

  /** The end of a component in one line that an operator can act on. */
  final class Fatal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Fatal(String message) {
      super(message);
    }
  }
}
