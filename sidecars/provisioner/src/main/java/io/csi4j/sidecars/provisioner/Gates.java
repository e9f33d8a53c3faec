package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.options.Flags;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code --feature-gates}.
 *
 * @param attributesChosen whether the flag speaks of attributes classes: where it does not, they
 *     are looked at if the server has them
 */
record Gates(
    boolean topology, boolean attributesClass, boolean crossNamespace, boolean attributesChosen) {
  private static final Logger log = LoggerFactory.getLogger(Gates.class);
  private static final String FLAG = "feature-gates";
  private static final String TOPOLOGY = "Topology";
  private static final String ATTRIBUTES = "VolumeAttributesClass";
  private static final String CROSS = "CrossNamespaceVolumeDataSource";

  /** Gates that upstream has had, or that decide something else there than here. */
  private static final Set<String> WITHOUT_MEANING =
      Set.of("HonorPVReclaimPolicy", "ReleaseLeaderElectionOnExit", "AllAlpha", "AllBeta");

  private static final Map<String, Boolean> DEFAULTS =
      Map.of(TOPOLOGY, true, ATTRIBUTES, true, CROSS, false);

  static final Gates DEFAULT = new Gates(true, true, false, false);

  Gates withoutAttributes() {
    return new Gates(topology, false, crossNamespace, attributesChosen);
  }

  static Gates from(Flags flags) {
    var text =
        flags.text(
            FLAG, "", "Name=true or Name=false, by commas: " + new TreeMap<>(DEFAULTS).keySet());
    var values = new TreeMap<>(DEFAULTS);
    for (var pair : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      var parts = pair.strip().split("=", -1);
      var known = DEFAULTS.containsKey(parts[0]) || WITHOUT_MEANING.contains(parts[0]);
      var wellFormed = parts.length == 2 && Set.of("true", "false").contains(parts[1]);
      flags.require(
          known && wellFormed,
          FLAG,
          "Name=true or Name=false, by commas, of %s".formatted(new TreeMap<>(DEFAULTS).keySet()));
      if (WITHOUT_MEANING.contains(parts[0])) {
        log.atWarn().addKeyValue("gate", parts[0]).log("ignored a feature gate without a meaning");
      } else if (known && wellFormed) {
        values.put(parts[0], Boolean.valueOf(parts[1]));
      }
    }
    return new Gates(
        Boolean.TRUE.equals(values.get(TOPOLOGY)),
        Boolean.TRUE.equals(values.get(ATTRIBUTES)),
        Boolean.TRUE.equals(values.get(CROSS)),
        text.contains(ATTRIBUTES));
  }
}
