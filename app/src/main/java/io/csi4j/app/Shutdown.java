package io.csi4j.app;

import io.csi4j.sidecars.kit.component.Component;

/** Turns SIGTERM and SIGINT into an orderly end with exit code 0. */
final class Shutdown {
  private Shutdown() {}

  static void closes(Component component) {
    var ending =
        new Thread(
            () -> {
              component.close();
              // Inside a shutdown hook this is the only way to end with another code than the
              // signal's.
              Runtime.getRuntime().halt(0);
            },
            "csi4j-shutdown");
    Runtime.getRuntime().addShutdownHook(ending);
  }
}
