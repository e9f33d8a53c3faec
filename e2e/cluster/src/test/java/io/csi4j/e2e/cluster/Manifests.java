package io.csi4j.e2e.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Manifests among the test's resources. */
final class Manifests {
  private Manifests() {}

  static String read(String name) throws IOException {
    try (var in = Manifests.class.getResourceAsStream("/manifests/" + name)) {
      if (in == null) {
        throw new IOException("no manifest " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  static String story(String name, String bindingMode) throws IOException {
    return read("story.yaml").replace("NAME", name).replace("MODE", bindingMode);
  }

  static String pod(String pod, String claim, String command) throws IOException {
    return read("pod.yaml").replace("NAME", claim).replace("POD", pod).replace("COMMAND", command);
  }
}
