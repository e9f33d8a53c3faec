package io.csi4j.e2e.sandbox.actors.csi;

import io.grpc.Status;
import java.util.Set;

/** What came of a call. */
public sealed interface CsiAnswer<T> {

  /** It succeeded. */
  record Done<T>(T reply) implements CsiAnswer<T> {}

  /** It failed, or nobody knows. */
  record Failed<T>(Status.Code code, String message) implements CsiAnswer<T> {
    private static final Set<Status.Code> NOT_FINAL =
        Set.of(
            Status.Code.CANCELLED,
            Status.Code.DEADLINE_EXCEEDED,
            Status.Code.UNAVAILABLE,
            Status.Code.RESOURCE_EXHAUSTED,
            Status.Code.ABORTED);

    /** Whether the driver surely did nothing that lasts, in kubelet's reading of the code. */
    public boolean isFinal() {
      return !NOT_FINAL.contains(code);
    }

    /** In the words of Go's gRPC library, which is what users know. */
    public String text() {
      return "rpc error: code = %s desc = %s".formatted(word(), message);
    }

    private String word() {
      var word = new StringBuilder();
      for (var part : code.name().split("_", -1)) {
        word.append(part.charAt(0)).append(part.substring(1).toLowerCase(java.util.Locale.ROOT));
      }
      return code == Status.Code.CANCELLED ? "Canceled" : word.toString();
    }
  }
}
