package io.csi4j.sidecars.kit.csi;

import io.csi4j.proto.csi.v1.VolumeCapability.AccessMode.Mode;
import java.util.List;
import java.util.Set;

/** How the access modes of a PersistentVolume are told to the driver. */
public final class AccessModes {
  private static final String POD = "ReadWriteOncePod";
  private static final String MANY = "ReadWriteMany";
  private static final String READERS = "ReadOnlyMany";
  private static final String ONCE = "ReadWriteOnce";

  private AccessModes() {}

  /** What the driver understands: with {@code SINGLE_NODE_MULTI_WRITER}, "once" is per node. */
  public enum Dialect {
    CLASSIC,
    SINGLE_NODE_MULTI_WRITER
  }

  /** Throws {@link IllegalArgumentException} in the Go tools' words where CSI has no such mode. */
  public static Mode of(List<String> kubernetesModes, Dialect dialect) {
    var modes = Set.copyOf(kubernetesModes);
    var multiWriter = dialect == Dialect.SINGLE_NODE_MULTI_WRITER;
    if (modes.contains(POD)) {
      if (modes.size() > 1) {
        throw new IllegalArgumentException(
            "%s cannot be combined with other access modes: %s".formatted(POD, kubernetesModes));
      }
      return multiWriter ? Mode.SINGLE_NODE_SINGLE_WRITER : Mode.SINGLE_NODE_WRITER;
    }
    if (modes.contains(MANY)) {
      return Mode.MULTI_NODE_MULTI_WRITER;
    }
    if (modes.contains(READERS) && modes.contains(ONCE)) {
      throw new IllegalArgumentException(
          "CSI does not support %s and %s on the same PersistentVolume".formatted(READERS, ONCE));
    }
    if (modes.contains(READERS)) {
      return Mode.MULTI_NODE_READER_ONLY;
    }
    if (modes.contains(ONCE)) {
      return multiWriter ? Mode.SINGLE_NODE_MULTI_WRITER : Mode.SINGLE_NODE_WRITER;
    }
    throw new IllegalArgumentException(
        "unsupported AccessMode combination: %s".formatted(kubernetesModes));
  }
}
