package io.csi4j.driver.framework.mount;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.csi4j.driver.spi.AccessType.Block;
import io.csi4j.driver.spi.AccessType.Mount;
import io.csi4j.driver.spi.PublishSpec;
import io.csi4j.driver.spi.StageSpec;
import io.csi4j.driver.spi.VolumeCapability;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Stands for the arguments of a call, to tell a repeated call from a different one. Only a digest,
 * because mount flags and contexts may be sensitive and the fingerprint is stored.
 */
final class Fingerprint {
  /** Kubelet renews these between two otherwise equal calls. */
  private static final String TOKENS = "csi.storage.k8s.io/serviceAccount.tokens";

  private static final int BYTES_KEPT = 16;

  private Fingerprint() {}

  static String of(StageSpec spec) {
    return digest(
        of(spec.capability()) + of(spec.data().publishContext()) + of(spec.data().volumeContext()));
  }

  static String of(PublishSpec spec) {
    return digest(
        of(spec.capability())
            + spec.writing()
            + spec.stagingPath()
            + of(spec.data().publishContext())
            + of(spec.data().volumeContext()));
  }

  private static String of(VolumeCapability capability) {
    return capability.mode()
        + switch (capability.type()) {
          case Block() -> " block ";
          case Mount(var fsType, var flags) -> " mount %s %s ".formatted(fsType, flags);
        };
  }

  private static String of(SortedMap<String, String> context) {
    var compared = new TreeMap<>(context);
    compared.remove(TOKENS);
    return compared.toString();
  }

  private static String digest(String text) {
    try {
      var bytes = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(bytes, 0, BYTES_KEPT);
    } catch (NoSuchAlgorithmException bug) {
      throw new IllegalStateException(bug); // every Java has it
    }
  }
}
