package io.csi4j.sidecars.kit.sidecar;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a container leaves its last words for {@code kubectl describe pod}. */
final class TerminationLog {
  private static final Logger log = LoggerFactory.getLogger(TerminationLog.class);
  private static final Path FILE = Path.of("/dev/termination-log");

  private TerminationLog() {}

  static void write(String words) {
    if (!Files.exists(FILE)) {
      return; // Not in a container of Kubernetes.
    }
    try {
      Files.writeString(FILE, words);
    } catch (IOException e) {
      log.atWarn().addKeyValue("file", FILE).addKeyValue("reason", e).log("last words not written");
    }
  }
}
