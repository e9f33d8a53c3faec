package io.csi4j.sidecars.kit.sidecar;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a container leaves its last words for {@code kubectl describe pod}. */
record TerminationLog(Path file) {
  private static final Logger log = LoggerFactory.getLogger(TerminationLog.class);

  static TerminationLog ofContainer() {
    return new TerminationLog(Path.of("/dev/termination-log"));
  }

  void write(String words) {
    if (!Files.exists(file)) {
      return; // Not in a container of Kubernetes.
    }
    try {
      Files.writeString(file, words);
    } catch (IOException e) {
      log.atWarn().addKeyValue("file", file).addKeyValue("reason", e).log("last words not written");
    }
  }
}
