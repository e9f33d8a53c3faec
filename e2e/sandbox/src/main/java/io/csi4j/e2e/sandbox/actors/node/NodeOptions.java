package io.csi4j.e2e.sandbox.actors.node;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How a node is made.
 *
 * @param root kubelet's root directory; drivers must see it under the same path
 * @param work what its pods do
 * @param operationLimit how long one operation waits for a driver
 * @param seLinux missing on nodes that have none
 */
public record NodeOptions(
    String name,
    Path root,
    Map<String, String> labels,
    PodWork work,
    Duration operationLimit,
    Optional<SeLinux> seLinux) {
  private static final Duration OPERATION_LIMIT = Duration.ofMinutes(2);

  /**
   * What a node with SELinux does with volumes.
   *
   * @param context user, role and type, such as {@code system_u:object_r:container_file_t}
   */
  public record SeLinux(String context, Modes modes) {

    /** Which volumes are mounted with a context. */
    public enum Modes {
      READ_WRITE_ONCE_POD,
      /** As from Kubernetes 1.37 on. */
      ALL
    }
  }

  public NodeOptions {
    labels = Map.copyOf(labels);
  }

  public static NodeOptions of(String name, Path root) {
    return new NodeOptions(
        name, root, Map.of(), _ -> PodWork.End.NONE, OPERATION_LIMIT, Optional.empty());
  }

  public NodeOptions withLabels(Map<String, String> more) {
    return new NodeOptions(name, root, more, work, operationLimit, seLinux);
  }

  public NodeOptions withWork(PodWork other) {
    return new NodeOptions(name, root, labels, other, operationLimit, seLinux);
  }

  public NodeOptions withOperationLimit(Duration limit) {
    return new NodeOptions(name, root, labels, work, limit, seLinux);
  }

  public NodeOptions withSeLinux(SeLinux has) {
    return new NodeOptions(name, root, labels, work, operationLimit, Optional.of(has));
  }
}
