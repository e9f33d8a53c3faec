package io.csi4j.sidecars.kit.cluster;

import java.util.Map;

/**
 * What a manifest tells a sidecar of where it runs; each empty where it says nothing.
 *
 * @param node {@code NODE_NAME}
 * @param pod {@code POD_NAME}
 * @param namespace {@code NAMESPACE}
 */
public record Surroundings(String node, String pod, String namespace) {

  public static Surroundings ofThisProcess() {
    return of(System.getenv());
  }

  static Surroundings of(Map<String, String> environment) {
    return new Surroundings(
        environment.getOrDefault("NODE_NAME", ""),
        environment.getOrDefault("POD_NAME", ""),
        environment.getOrDefault("NAMESPACE", ""));
  }
}
