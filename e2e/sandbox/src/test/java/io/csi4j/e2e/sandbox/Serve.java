package io.csi4j.e2e.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A sandbox as a process of its own, for kubectl-tour: serves until its standard input ends. */
final class Serve {

  private Serve() {}

  /** The argument is the file to write the kubeconfig to. */
  public static void main(String[] args) throws IOException {
    try (var sandbox = Sandbox.start()) {
      var file = Path.of(args[0]);
      var written =
          Files.writeString(file.resolveSibling(file.getFileName() + ".new"), sandbox.kubeconfig());
      // Who waits for the file never reads half of it.
      Files.move(written, file);
      while (System.in.read() >= 0) {
        // Nothing is said to this program.
      }
    }
  }
}
