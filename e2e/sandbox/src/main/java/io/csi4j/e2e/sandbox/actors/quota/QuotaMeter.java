package io.csi4j.e2e.sandbox.actors.quota;

import io.csi4j.e2e.sandbox.actors.view.Claim;
import io.csi4j.e2e.sandbox.json.Json;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts what claims use, by the names that a ResourceQuota has for it. Pure. */
public final class QuotaMeter {
  private static final String CLAIMS = "persistentvolumeclaims";
  private static final String STORAGE = "requests.storage";
  private static final String OF_CLASS = ".storageclass.storage.k8s.io/";

  private QuotaMeter() {}

  /** Of all claims given, which are those of one namespace. */
  public static Map<String, BigDecimal> used(Collection<Claim> claims) {
    var used = new TreeMap<String, BigDecimal>();
    for (var claim : claims) {
      var storage = charged(claim);
      used.merge(CLAIMS, BigDecimal.ONE, BigDecimal::add);
      used.merge(STORAGE, storage, BigDecimal::add);
      if (!claim.className().isEmpty()) {
        used.merge(claim.className() + OF_CLASS + CLAIMS, BigDecimal.ONE, BigDecimal::add);
        used.merge(claim.className() + OF_CLASS + STORAGE, storage, BigDecimal::add);
      }
    }
    return used;
  }

  /** A claim that asks for less than is allocated for it pays for what is allocated. */
  public static BigDecimal charged(Claim claim) {
    return claim.requested().max(claim.amount("status", "allocatedResources", "storage"));
  }

  /** Whether the claim counts for the class in a quota with the scope VolumeAttributesClass. */
  public static boolean inScope(Claim claim, String attributesClass) {
    return List.of(
            claim.attributesClass(),
            Json.text(claim.json(), "status", "currentVolumeAttributesClassName"),
            Json.text(
                claim.json(), "status", "modifyVolumeStatus", "targetVolumeAttributesClassName"))
        .contains(attributesClass);
  }
}
