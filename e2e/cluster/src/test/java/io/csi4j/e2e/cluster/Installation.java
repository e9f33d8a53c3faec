package io.csi4j.e2e.cluster;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.storage.CSIDriver;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Manifests as an administrator installs them, on a cluster that has no Services: its pods get the
 * API server's address by their environment. Nothing else is changed.
 */
final class Installation implements AutoCloseable {
  private static final long GONE_LIMIT_S = 90;

  private final KubernetesClient client;
  private final List<HasMetadata> objects;

  private Installation(KubernetesClient client, List<HasMetadata> objects) {
    this.client = client;
    this.objects = objects;
  }

  static Installation of(KubernetesClient client, ClusterUnderTest cluster, String manifests) {
    var objects =
        client
            .load(new ByteArrayInputStream(manifests.getBytes(StandardCharsets.UTF_8)))
            .items()
            .stream()
            .toList();
    objects.forEach(each -> podOf(each).ifPresent(pod -> reachServer(pod, cluster)));
    var installation = new Installation(client, objects);
    try {
      objects.forEach(each -> apply(client, each));
    } catch (RuntimeException e) {
      installation.close();
      throw e;
    }
    return installation;
  }

  /** What an earlier test has said of the same driver goes first: its modes cannot be changed. */
  private static void apply(KubernetesClient client, HasMetadata object) {
    if (object instanceof CSIDriver) {
      client.resource(object).withTimeout(GONE_LIMIT_S, TimeUnit.SECONDS).delete();
    }
    client.resource(object).forceConflicts().serverSideApply();
  }

  /** The image's tag is the version of what was built. */
  static String version() throws IOException {
    var chart = Files.readString(deploy().resolve("chart/Chart.yaml"));
    return chart
        .lines()
        .filter(line -> line.startsWith("appVersion: "))
        .findFirst()
        .orElseThrow()
        .substring("appVersion: ".length());
  }

  /** What {@code deploy/image} has made. */
  static Path image() {
    return deploy().resolve("target/image/csi4j.tar");
  }

  static Path deploy() {
    return ClusterUnderTest.checkout().resolve("deploy");
  }

  /** Whether all that has pods says that they are ready, and of the newest kind. */
  boolean ready() {
    return objects.stream().allMatch(this::ready);
  }

  private boolean ready(HasMetadata object) {
    return switch (object) {
      case StatefulSet set -> {
        var status = client.resource(set).get().getStatus();
        yield status.getReadyReplicas() != null && status.getReadyReplicas() >= 1;
      }
      case DaemonSet set -> {
        var status = client.resource(set).get().getStatus();
        yield status.getNumberReady() >= 1
            && status.getNumberReady().equals(status.getDesiredNumberScheduled());
      }
      case Deployment deployment -> {
        var status = client.resource(deployment).get().getStatus();
        yield status.getReadyReplicas() != null && status.getReadyReplicas() >= 1;
      }
      default -> true;
    };
  }

  /** Ends when all is gone: a namespace that is still going takes in nothing new. */
  @Override
  public void close() {
    for (var object : objects.reversed()) {
      client.resource(object).delete();
    }
    for (var object : objects.reversed()) {
      client.resource(object).waitUntilCondition(Objects::isNull, GONE_LIMIT_S, TimeUnit.SECONDS);
    }
  }

  private static Optional<PodSpec> podOf(HasMetadata object) {
    return switch (object) {
      case StatefulSet set -> spec(set.getSpec().getTemplate());
      case DaemonSet set -> spec(set.getSpec().getTemplate());
      case Deployment deployment -> spec(deployment.getSpec().getTemplate());
      default -> Optional.empty();
    };
  }

  private static Optional<PodSpec> spec(PodTemplateSpec template) {
    return Optional.of(template.getSpec());
  }

  private static void reachServer(PodSpec pod, ClusterUnderTest cluster) {
    for (var container : pod.getContainers()) {
      var env = container.getEnv();
      env.add(new EnvVar("KUBERNETES_SERVICE_HOST", cluster.get("NODE_IP"), null));
      env.add(new EnvVar("KUBERNETES_SERVICE_PORT", cluster.get("API_PORT"), null));
    }
  }
}
