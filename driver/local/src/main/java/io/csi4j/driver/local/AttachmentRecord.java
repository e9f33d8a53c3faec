package io.csi4j.driver.local;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A volume that is attached to a node, as the journal has it.
 *
 * @param use in what way, in words that tell one way from another
 */
record AttachmentRecord(String volumeId, String nodeId, String use) {

  SortedMap<String, String> fields() {
    return new TreeMap<>(Map.of("volume", volumeId, "node", nodeId, "use", use));
  }

  static AttachmentRecord of(SortedMap<String, String> fields) {
    return new AttachmentRecord(
        fields.getOrDefault("volume", ""),
        fields.getOrDefault("node", ""),
        fields.getOrDefault("use", ""));
  }
}
