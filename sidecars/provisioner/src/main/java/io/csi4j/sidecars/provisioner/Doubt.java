package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.options.Flags;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** After which answers a volume may still come into being, or have come. */
final class Doubt {
  /** RESOURCE_EXHAUSTED is final here, unlike elsewhere. */
  static final Set<Code> ALWAYS =
      Set.of(Code.CANCELED, Code.DEADLINE_EXCEEDED, Code.ABORTED, Code.UNAVAILABLE);

  /** What says nothing of the request, and may be said by a driver that has made the volume. */
  private static final Set<Code> ON_REQUEST =
      EnumSet.of(Code.UNKNOWN, Code.INTERNAL, Code.DATA_LOSS);

  private Doubt() {}

  static Set<Code> from(Flags flags) {
    var name = "in-doubt-codes";
    var text =
        flags.text(
            name,
            "",
            "codes, by commas, after which this driver may have made the volume all the same: the"
                + " call is repeated until it says something else, also for a deleted claim");
    var words =
        Stream.of(text.split(",", -1)).map(String::strip).filter(word -> !word.isEmpty()).toList();
    var known = ON_REQUEST.stream().collect(Collectors.toMap(Code::goName, code -> code));
    flags.require(
        known.keySet().containsAll(words), name, "some of Unknown, Internal, DataLoss, by commas");
    var codes = EnumSet.copyOf(ALWAYS);
    known.forEach(
        (word, code) -> {
          if (words.contains(word)) {
            codes.add(code);
          }
        });
    return codes;
  }
}
