package io.csi4j.driver.local;

import io.csi4j.driver.spi.GroupSnapshots.GroupSpec;
import io.csi4j.driver.spi.Reason;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What it takes that a group with this name exists. Pure. */
sealed interface GroupStep {
  /** Whether volumes that are used as devices are cut each by itself. */
  String CONSISTENCY = "consistency";

  String OF_GROUP = "group";
  String OF_VOLUME = "volume";

  /** It is there, as asked for. */
  record Exists(GroupRecord group) implements GroupStep {}

  record Refuse(Reason reason, String message) implements GroupStep {}

  record Cut(List<VolumeRecord> sources, Standstill.RawInUse rawInUse) implements GroupStep {}

  /**
   * All that the decision looks at.
   *
   * @param existing the group that has the name; null when none has
   * @param found those of the sources that there are
   */
  record GroupFacts(GroupSpec spec, @Nullable GroupRecord existing, List<VolumeRecord> found) {}

  static GroupStep decide(GroupFacts facts) {
    var spec = facts.spec();
    for (var parameter : spec.parameters().entrySet()) {
      if (!parameter.getKey().equals(CONSISTENCY)
          || !List.of(OF_GROUP, OF_VOLUME).contains(parameter.getValue())) {
        return new Refuse(
            Reason.INVALID_ARGUMENT,
            "parameter %s=%s is not known; known is: %s=%s or %s"
                .formatted(
                    parameter.getKey(), parameter.getValue(), CONSISTENCY, OF_GROUP, OF_VOLUME));
      }
    }
    var existing = facts.existing();
    if (existing != null) {
      return existing.sourceVolumeIds().equals(spec.sourceVolumeIds())
              && existing.parameters().equals(spec.parameters())
          ? new Exists(existing)
          : new Refuse(
              Reason.ALREADY_EXISTS,
              "a group named %s exists and is of volumes %s with parameters %s"
                  .formatted(existing.name(), existing.sourceVolumeIds(), existing.parameters()));
    }
    var missing = new TreeSet<>(spec.sourceVolumeIds());
    facts.found().forEach(volume -> missing.remove(volume.id()));
    if (!missing.isEmpty()) {
      return new Refuse(Reason.NOT_FOUND, "volumes %s do not exist".formatted(missing));
    }
    return new Cut(
        facts.found(),
        spec.parameters().getOrDefault(CONSISTENCY, OF_GROUP).equals(OF_VOLUME)
            ? Standstill.RawInUse.CUT_ANYHOW
            : Standstill.RawInUse.REFUSE);
  }
}
