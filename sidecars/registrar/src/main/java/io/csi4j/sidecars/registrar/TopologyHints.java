package io.csi4j.sidecars.registrar;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What to do about topology that kubelet will not take. Pure. */
final class TopologyHints {

  /** kubelet's words: {@code driver reported "zone":"b" but existing label is "zone":"a"}. */
  private static final Pattern COLLISION =
      Pattern.compile(
          "driver reported \"([^\"]*)\":\"([^\"]*)\" but existing label is \"[^\"]*\":\"([^\"]*)\"");

  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
  private static final Pattern PREFIX =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final int PREFIX_CHARACTERS_MAX = 253;

  private TopologyHints() {}

  /** Which label is in the way, where kubelet's refusal speaks of one. */
  static Optional<String> remedy(String refusal) {
    var found = COLLISION.matcher(refusal);
    return found.find()
        ? Optional.of(
            "the node has the label %s=%s, which no one removes when the driver now says %s;"
                    .formatted(found.group(1), found.group(3), found.group(2))
                + " if that is right: kubectl label node NODE %s-".formatted(found.group(1)))
        : Optional.empty();
  }

  /** Segments that cannot become labels of the node. */
  static List<String> unfit(Map<String, String> segments) {
    var problems = new ArrayList<String>();
    new TreeMap<>(segments)
        .forEach(
            (key, value) -> {
              if (!isKey(key)) {
                problems.add("topology key \"%s\" is no label key".formatted(key));
              }
              if (!value.isEmpty() && !NAME.matcher(value).matches()) {
                problems.add("topology value \"%s\" of %s is no label value".formatted(value, key));
              }
            });
    return problems;
  }

  private static boolean isKey(String key) {
    var slash = key.indexOf('/');
    var prefix = slash < 0 ? "x" : key.substring(0, slash);
    return NAME.matcher(key.substring(slash + 1)).matches()
        && prefix.length() <= PREFIX_CHARACTERS_MAX
        && PREFIX.matcher(prefix).matches();
  }
}
