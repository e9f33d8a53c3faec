package io.csi4j.sidecars.kit.cluster;

import io.csi4j.sidecars.kit.component.Component.Fatal;
import io.fabric8.kubernetes.client.Config;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the API server: by a kubeconfig file, or from inside a pod. */
public final class KubeConfig {
  private static final Path SERVICE_ACCOUNT_TOKEN =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");

  private KubeConfig() {}

  /** An empty {@code file} means the pod that this process runs in. */
  public static Config load(String file) {
    if (file.isEmpty()) {
      return inCluster();
    }
    var path = new File(file);
    if (!path.canRead()) {
      throw new Fatal(
          "--kubeconfig=%s: must be a readable file, or empty inside a pod".formatted(file));
    }
    return Config.fromKubeconfig(path);
  }

  private static Config inCluster() {
    if (!Files.isReadable(SERVICE_ACCOUNT_TOKEN)) {
      throw new Fatal(
          "--kubeconfig is not given and this is not a pod (no %s): give --kubeconfig=FILE"
              .formatted(SERVICE_ACCOUNT_TOKEN));
    }
    // The user's own kubeconfig must never win over the pod's service account.
    System.setProperty(Config.KUBERNETES_AUTH_TRYKUBECONFIG_SYSTEM_PROPERTY, "false");
    return Config.autoConfigure(null);
  }
}
