package io.csi4j.sidecars.kit.cluster;

import io.csi4j.sidecars.kit.component.Component.Fatal;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

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
    var config = Config.fromKubeconfig(path);
    tokenFile(config, path).map(TokenFile::new).ifPresent(config::setOauthTokenProvider);
    return config;
  }

  /** The client library knows tokens in a kubeconfig, but not files that hold them. */
  private static Optional<Path> tokenFile(Config config, File kubeconfig) {
    var context = config.getCurrentContext();
    if (context == null || context.getContext() == null) {
      return Optional.empty();
    }
    var user = context.getContext().getUser();
    return KubeConfigUtils.parseConfig(kubeconfig).getUsers().stream()
        .filter(each -> each.getName().equals(user) && each.getUser() != null)
        .map(each -> each.getUser().getTokenFile())
        .filter(file -> file != null && !file.isEmpty())
        .map(file -> kubeconfig.toPath().toAbsolutePath().resolveSibling(file))
        .findFirst();
  }

  private static Config inCluster() {
    if (!Files.isReadable(SERVICE_ACCOUNT_TOKEN)) {
      throw new Fatal(
          "--kubeconfig is not given and this is not a pod (no %s): give --kubeconfig=FILE"
              .formatted(SERVICE_ACCOUNT_TOKEN));
    }
    // The user's own kubeconfig must never win over the pod's service account.
    System.setProperty(Config.KUBERNETES_AUTH_TRYKUBECONFIG_SYSTEM_PROPERTY, "false");
    var config = Config.autoConfigure(null);
    config.setOauthTokenProvider(new TokenFile(SERVICE_ACCOUNT_TOKEN));
    return config;
  }
}
