package io.csi4j.driver.framework.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.csi4j.driver.spi.Answer;
import io.csi4j.driver.spi.Reason;
import io.csi4j.driver.spi.Trait;
import io.csi4j.proto.csi.v1.CapacityRange;
import io.csi4j.proto.csi.v1.VolumeCapability;
import io.csi4j.proto.csi.v1.VolumeCapability.AccessTypeCase;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** CSI's rules for the fields of a request. The first problem found is the one reported. */
final class FieldChecks {
  /** For every text but paths; counted in bytes. */
  private static final int TEXT_BYTES_MAX = 128;

  private static final int NODE_ID_BYTES_MAX = 256;
  private static final int PATH_BYTES_MAX = 4096;

  /** Of a whole map, or of all mount flags. */
  private static final int COLLECTION_BYTES_MAX = 4096;

  private static final int MODE_UNKNOWN = 0;
  private static final int MODE_MAX = 7;
  private static final int MODE_SINGLE_NODE_SINGLE_WRITER = 6;

  private final Set<Trait> traits;
  private @Nullable String problem;

  FieldChecks(Set<Trait> traits) {
    this.traits = traits;
  }

  /** Runs {@code work} when nothing is wrong. */
  <R> Answer<R> then(Supplier<Answer<R>> work) {
    return problem == null ? work.get() : Answer.refused(Reason.INVALID_ARGUMENT, problem);
  }

  /** The ID of a volume or snapshot, which has to be there. */
  FieldChecks id(String field, String value) {
    return present(field, value).atMost(field, value, TEXT_BYTES_MAX);
  }

  FieldChecks nodeId(String field, String value) {
    return present(field, value).atMost(field, value, NODE_ID_BYTES_MAX);
  }

  FieldChecks optionalNodeId(String field, String value) {
    return atMost(field, value, NODE_ID_BYTES_MAX);
  }

  /** The name of something to be made: nearly every character is legal, a slash too. */
  FieldChecks name(String field, String value) {
    return present(field, value)
        .atMost(field, value, TEXT_BYTES_MAX)
        .unless(
            value.codePoints().anyMatch(FieldChecks::forbiddenInNames),
            field + " has a control character");
  }

  FieldChecks path(String field, String value) {
    return present(field, value).optionalPath(field, value);
  }

  FieldChecks optionalPath(String field, String value) {
    return atMost(field, value, PATH_BYTES_MAX)
        .unless(
            !value.isEmpty() && !value.startsWith("/"),
            "%s must be an absolute path, not %s".formatted(field, value))
        .unless(value.indexOf('\0') >= 0, field + " has a zero character");
  }

  /** A path that may be wrong: what it is not is for the look-up to say. */
  FieldChecks anyPath(String field, String value) {
    return present(field, value)
        .atMost(field, value, PATH_BYTES_MAX)
        .unless(value.indexOf('\0') >= 0, field + " has a zero character");
  }

  FieldChecks entriesMax(int value) {
    return notNegative("max_entries", value);
  }

  FieldChecks notNegative(String field, int value) {
    return unless(value < 0, "%s must not be negative: %d".formatted(field, value));
  }

  FieldChecks map(String field, Map<String, String> map) {
    var bytes =
        map.entrySet().stream()
            .mapToLong(entry -> bytes(entry.getKey()) + bytes(entry.getValue()))
            .sum();
    return unless(
        bytes > COLLECTION_BYTES_MAX,
        "%s has %d bytes, at most %d are allowed".formatted(field, bytes, COLLECTION_BYTES_MAX));
  }

  FieldChecks capacity(CapacityRange range) {
    var required = range.getRequiredBytes();
    var limit = range.getLimitBytes();
    return unless(
            required < 0 || limit < 0,
            "capacity_range must not be negative: required_bytes %d, limit_bytes %d"
                .formatted(required, limit))
        .unless(
            limit > 0 && required > limit,
            "capacity_range is empty: required_bytes %d, limit_bytes %d"
                .formatted(required, limit));
  }

  FieldChecks capability(String field, boolean present, VolumeCapability capability) {
    return unless(!present, field + " is missing").wellFormed(field, capability);
  }

  FieldChecks capabilities(String field, List<VolumeCapability> capabilities) {
    return unless(capabilities.isEmpty(), field + " is missing")
        .optionalCapabilities(field, capabilities);
  }

  FieldChecks optionalCapabilities(String field, List<VolumeCapability> capabilities) {
    capabilities.forEach(capability -> wellFormed(field, capability));
    return this;
  }

  /** {@code wrong} is what must not be. */
  FieldChecks unless(boolean wrong, String message) {
    if (wrong && problem == null) {
      problem = message;
    }
    return this;
  }

  private FieldChecks wellFormed(String field, VolumeCapability capability) {
    var mode = capability.getAccessMode().getModeValue();
    var flagBytes =
        capability.getMount().getMountFlagsList().stream().mapToLong(FieldChecks::bytes).sum();
    return unless(
            capability.getAccessTypeCase() == AccessTypeCase.ACCESSTYPE_NOT_SET,
            field + " has no access type: block or mount")
        .unless(
            mode <= MODE_UNKNOWN || mode > MODE_MAX,
            "%s has no access mode that is known: %d".formatted(field, mode))
        .unless(
            mode >= MODE_SINGLE_NODE_SINGLE_WRITER
                && !traits.contains(Trait.SINGLE_NODE_MULTI_WRITER),
            "%s has access mode %d, which this driver does not offer".formatted(field, mode))
        .unless(
            flagBytes > COLLECTION_BYTES_MAX,
            "%s has %d bytes of mount_flags, at most %d are allowed"
                .formatted(field, flagBytes, COLLECTION_BYTES_MAX));
  }

  private FieldChecks present(String field, String value) {
    return unless(value.isEmpty(), field + " is missing");
  }

  private FieldChecks atMost(String field, String value, int bytesMax) {
    return unless(
        bytes(value) > bytesMax,
        "%s has %d bytes, at most %d are allowed".formatted(field, bytes(value), bytesMax));
  }

  private static boolean forbiddenInNames(int character) {
    var allowedControl = character == '\t' || character == '\n' || character == '\r';
    return Character.isISOControl(character) && !allowedControl;
  }

  private static long bytes(String text) {
    return text.getBytes(UTF_8).length;
  }
}
