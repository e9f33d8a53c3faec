package io.csi4j.driver.spi;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the caller knows about a volume that is to be attached, and the framework does not
 * understand.
 */
public record StageData(
    SortedMap<String, String> publishContext,
    SortedMap<String, String> volumeContext,
    Secrets secrets) {
  /** The pod's tokens, which kubelet renews between two otherwise equal calls. */
  public static final String TOKENS = "csi.storage.k8s.io/serviceAccount.tokens";

  /** Without the tokens, which open what they are for. */
  @Override
  public String toString() {
    var shown = new TreeMap<>(volumeContext);
    shown.replace(TOKENS, "***");
    return "StageData[publishContext=%s, volumeContext=%s, secrets=%s]"
        .formatted(publishContext, shown, secrets);
  }
}
