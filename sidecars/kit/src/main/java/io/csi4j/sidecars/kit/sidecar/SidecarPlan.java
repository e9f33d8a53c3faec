package io.csi4j.sidecars.kit.sidecar;

import io.csi4j.sidecars.kit.cluster.Pod;
import io.csi4j.sidecars.kit.csi.SocketAddress;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.health.HttpOptions;
import io.csi4j.sidecars.kit.lease.ElectionOptions;
import io.csi4j.sidecars.kit.lease.LeaseName;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.pacing.PacingOptions;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * How a sidecar reaches driver and cluster, and under which names.
 *
 * @param name as in the User-Agent
 * @param lease the lease's name, of the driver's name
 * @param eventSource who speaks in events, of the driver's name
 * @param inDoubt after which codes a call of this sidecar may still be running
 */
public record SidecarPlan(
    String name,
    UnaryOperator<String> lease,
    UnaryOperator<String> eventSource,
    Set<Code> inDoubt,
    Connections connections) {

  /** In events it goes by its own name. */
  public SidecarPlan(
      String name, UnaryOperator<String> lease, Set<Code> inDoubt, Connections connections) {
    this(name, lease, _ -> name, inDoubt, connections);
  }

  /** The same under another name, as in logs and the User-Agent. */
  SidecarPlan called(String other) {
    return new SidecarPlan(other, lease, eventSource, inDoubt, connections);
  }

  /**
   * Where this sidecar's lease is, whether it is used or not: other things that it keeps are beside
   * it.
   */
  public ObjectKey leaseOf(String driver, Pod pod) {
    var namespace = connections.election().namespace();
    return new ObjectKey(
        namespace.isEmpty() ? pod.namespace() : namespace,
        LeaseName.sanitized(lease.apply(driver)).toLowerCase(Locale.ROOT));
  }

  /** The flags that all controllers share. */
  public record Connections(
      SocketAddress driver,
      OnDriverLoss onDriverLoss,
      String kubeconfig,
      Duration timeout,
      int logCharactersMax,
      PacingOptions pacing,
      ElectionOptions election,
      HttpOptions http) {

    /** {@code timeout} differs by sidecar. */
    public static Connections from(Flags flags, Duration timeout) {
      return new Connections(
          flags.address("csi-address", "/run/csi/socket", "socket of the CSI driver"),
          OnDriverLoss.from(flags),
          flags.text("kubeconfig", "", "how to reach the API server; empty inside a pod"),
          flags.duration("timeout", timeout, "limit of each call to the driver"),
          flags.count(
              "max-grpc-log-length", 0, "where a logged reply of the driver is cut; 0 for nowhere"),
          PacingOptions.from(flags),
          ElectionOptions.from(flags),
          HttpOptions.from(flags));
    }
  }

  /** What losing the driver's socket does to the process. */
  public enum OnDriverLoss {
    /** It waits, and asks the driver anew who it is when it is back. */
    RECONNECT,
    /** It ends, as the Go tools do. */
    EXIT;

    static OnDriverLoss from(Flags flags) {
      var name = "on-connection-loss";
      var text =
          flags.text(
              name,
              "reconnect",
              "what losing the driver's socket does: reconnect waits for it, exit ends the process"
                  + " as the Go tools do");
      flags.require(
          text.equals("reconnect") || text.equals("exit"),
          name,
          "reconnect or exit (default reconnect)");
      return text.equals("exit") ? EXIT : RECONNECT;
    }
  }
}
