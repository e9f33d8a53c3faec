package io.csi4j.e2e.sandbox.actors.view;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names that Kubernetes computes. */
public final class VolumeNames {
  private VolumeNames() {}

  /** As in a node's volumesInUse and volumesAttached. */
  public static String unique(String driver, String handle) {
    return "kubernetes.io/csi/" + driver + "^" + handle;
  }

  public static String attachment(String handle, String driver, String node) {
    return "csi-" + hash(handle + driver + node);
  }

  /** The volume ID of an inline volume. */
  public static String inlineHandle(String podUid, String volume) {
    return "csi-" + hash(podUid + volume);
  }

  public static String hash(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
