package io.csi4j.e2e.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Driver, registrar, provisioner and attacher as processes of their own inside the node, the
 * controllers with the rights that upstream's manifests give them.
 */
final class Stack implements AutoCloseable {
  static final String DRIVER = "local.csi4j.io";

  /** Inside the node; kubelet's root is a folder of the cluster's state outside. */
  private static final String PLUGIN = "/var/lib/kubelet/plugins/" + DRIVER;

  static final String STATE = PLUGIN + "/state";
  private static final String SOCKET = PLUGIN + "/csi.sock";

  private final List<Part> parts = new ArrayList<>();

  private Stack() {}

  static Stack start(ClusterUnderTest cluster, Path logs) throws IOException, InterruptedException {
    Files.createDirectories(cluster.onNode(STATE));
    cluster.apply(Manifests.read("rbac.yaml"));
    cluster.apply(Manifests.read("driver.yaml"));
    var provisioner = cluster.kubeconfigOf("kube-system/csi-provisioner", logs);
    var attacher = cluster.kubeconfigOf("kube-system/csi-attacher", logs);
    var stack = new Stack();
    stack.parts.add(
        Part.start(
            logs,
            "driver",
            "driver",
            "local",
            "--endpoint=unix://" + SOCKET,
            "--nodeid=" + cluster.get("NODE_NAME"),
            "--statedir=" + STATE,
            "--enable-attach"));
    stack.parts.add(
        Part.start(
            logs,
            "registrar",
            "registrar",
            "--csi-address=" + SOCKET,
            "--kubelet-registration-path=" + SOCKET,
            "--plugin-registration-path=/var/lib/kubelet/plugins_registry"));
    stack.parts.add(
        Part.start(
            logs,
            "provisioner",
            "provisioner",
            "--csi-address=" + SOCKET,
            "--kubeconfig=" + provisioner));
    stack.parts.add(
        Part.start(
            logs, "attacher", "attacher", "--csi-address=" + SOCKET, "--kubeconfig=" + attacher));
    return stack;
  }

  /** Every part that has ended although nobody asked it to, with its log. */
  String deaths() throws IOException {
    var text = new StringBuilder();
    for (var part : parts) {
      if (!part.alive()) {
        text.append("%s has ended; its log:%n%s%n".formatted(part, part.log()));
      }
    }
    return text.toString();
  }

  /** Ends all parts in order, each of which must end well. */
  void end() throws IOException, InterruptedException {
    for (var part : parts.reversed()) {
      part.end();
    }
  }

  @Override
  public void close() {
    parts.forEach(Part::close);
  }
}
