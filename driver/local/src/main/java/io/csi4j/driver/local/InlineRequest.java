package io.csi4j.driver.local;

import io.csi4j.driver.spi.AccessType;
import io.csi4j.driver.spi.BlockDevices.Content;
import io.csi4j.driver.spi.CapacityRange;
import io.csi4j.driver.spi.PublishSpec;
import io.csi4j.driver.spi.VolumeCapability;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a pod's author has written about a volume of the pod's own. Pure, and narrow: anybody who
 * may make pods writes it.
 */
sealed interface InlineRequest {
  String SIZE = "size";
  String SIZE_DEFAULT = "100Mi";

  record Wanted(long sizeBytes, Content content) implements InlineRequest {}

  record Refused(String why) implements InlineRequest {}

  /** Kubelet's own; no dot, so that it is never one of ours, and fit for a path. */
  Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,127}");

  Pattern QUANTITY = Pattern.compile("([0-9]{1,12})(Ki|Mi|Gi|Ti)?");

  static InlineRequest read(PublishSpec spec, LocalVolumes.Limits limits) {
    if (!ID.matcher(spec.volumeId()).matches()) {
      return new Refused("volume_id %s is no ID of kubelet's".formatted(spec.volumeId()));
    }
    if (spec.capability().type() instanceof AccessType.Block) {
      return new Refused("a volume that is written into a pod is a file system, no block device");
    }
    var attributes = attributes(spec.data().volumeContext());
    for (var key : attributes.keySet()) {
      if (!List.of(SIZE, Offer.FS_TYPE).contains(key)) {
        return new Refused(
            "volume attribute %s is not known; known are: %s, %s"
                .formatted(key, Offer.FS_TYPE, SIZE));
      }
    }
    var matcher = QUANTITY.matcher(attributes.getOrDefault(SIZE, SIZE_DEFAULT));
    if (!matcher.matches()) {
      return new Refused(
          "volume attribute size must be bytes, or such as 100Mi or 2Gi, not "
              + attributes.get(SIZE));
    }
    attributes.remove(SIZE);
    return sized(spec.capability(), attributes, bytes(matcher.group(1), matcher.group(2)), limits);
  }

  private static InlineRequest sized(
      VolumeCapability capability,
      SortedMap<String, String> parameters,
      long bytes,
      LocalVolumes.Limits limits) {
    var objection = Offer.objection(parameters);
    if (objection.isPresent()) {
      return new Refused(objection.get());
    }
    return switch (Offer.contentFor(List.of(capability), parameters, null, limits.best())) {
      case Offer.Wanted.Impossible(var why) -> new Refused(why);
      case Offer.Wanted.Possible(var content) ->
          switch (SizeChoice.of(
              new CapacityRange(bytes, 0),
              new SizeChoice.Limits(content, 0, limits.sizeBytesMax()))) {
            case SizeChoice.Chosen(var sizeBytes) -> new Wanted(sizeBytes, content);
            case SizeChoice.OutOfRange(var why) -> new Refused(why);
          };
    };
  }

  /** Without what kubelet adds about the pod. */
  private static SortedMap<String, String> attributes(SortedMap<String, String> context) {
    var own = new TreeMap<>(context);
    own.keySet().removeIf(key -> key.startsWith("csi.storage.k8s.io/"));
    return own;
  }

  private static long bytes(String number, @Nullable String unit) {
    var shift =
        switch (unit == null ? "" : unit) {
          case "Ki" -> 10;
          case "Mi" -> 20;
          case "Gi" -> 30;
          case "Ti" -> 40;
          default -> 0;
        };
    return Long.parseLong(number) > Long.MAX_VALUE >>> shift
        ? Long.MAX_VALUE
        : Long.parseLong(number) << shift;
  }
}
