package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.util.Map;

/** Looks up the attributes class of a claim, as far as flags and server let it have one. */
final class AttributesLookup {
  private final Cluster cluster;
  private final String driver;
  private final Gates gates;

  /** Known once a claim has asked; a server is upgraded more often than it forgets a kind. */
  private volatile boolean served;

  AttributesLookup(Cluster cluster, String driver, Gates gates) {
    this.cluster = cluster;
    this.driver = driver;
    this.gates = gates;
  }

  /** Of the claim; empty where it has none or that is not looked at. */
  String name(Claim claim) {
    return gates(claim).attributesClass() ? claim.attributesClass() : "";
  }

  /** A server that is older than attributes classes may have the claim's field and not the kind. */
  Gates gates(Claim claim) {
    if (claim.attributesClass().isEmpty()
        || !gates.attributesClass()
        || gates.attributesChosen()
        || served) {
      return gates;
    }
    served = cluster.serves(AttributesClass.KIND);
    return served ? gates : gates.withoutAttributes();
  }

  /** What it says of the claim's volume; throws {@link Refused} where there is no such class. */
  Map<String, String> parameters(Claim claim) {
    var name = name(claim);
    if (name.isEmpty()) {
      return Map.of();
    }
    var found =
        cluster
            .read(AttributesClass.KIND, ObjectKey.cluster(name))
            .orElseThrow(
                () ->
                    new Refused(
                        "volumeattributesclasses.storage.k8s.io \"%s\" not found".formatted(name)));
    if (!found.driver().equals(driver)) {
      throw new Refused(
          "VAC %s referenced in PVC is for driver %s which does not match driver name %s"
              .formatted(name, found.driver(), driver));
    }
    return found.parameters();
  }
}
