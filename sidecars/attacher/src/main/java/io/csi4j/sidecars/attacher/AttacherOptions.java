package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.options.LoggingFlags;
import io.csi4j.sidecars.kit.queue.BackOff;
import io.csi4j.sidecars.kit.sidecar.SidecarPlan.Connections;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** Flags of {@code csi4j attacher}; names and defaults are those of external-attacher 4.12. */
record AttacherOptions(Connections connections, Working working) {

  /** The error code of a failed attach is written to its status, for kubelet to act on. */
  private static final String ERROR_CODE_GATE = "MutableCSINodeAllocatableCount";

  /** What these switch in the Go tools is always on here. */
  private static final Set<String> GATES_WITHOUT_EFFECT =
      Set.of(
          "ReleaseLeaderElectionOnExit",
          "AllAlpha",
          "AllBeta",
          "ContextualLogging",
          "LoggingAlphaOptions",
          "LoggingBetaOptions");

  /** No cache is resynchronised, the JVM counts processors by itself, and profiles itself. */
  private static final List<String> HARMLESS = List.of("resync", "automaxprocs", "enable-pprof");

  /**
   * How the work is done, wherever driver and cluster are.
   *
   * @param workers attachments in work at once; learned from the driver where the user says nothing
   */
  record Working(
      OptionalInt workers,
      BackOff backOff,
      String defaultFsType,
      ErrorCodes errorCodes,
      Listings listings) {}

  enum ErrorCodes {
    WRITTEN,
    LEFT_OUT
  }

  /**
   * When and how the driver is asked for all volumes.
   *
   * @param entriesPerPage 0 leaves it to the driver
   */
  record Listings(Duration interval, int entriesPerPage) {}

  static AttacherOptions from(Flags flags) {
    var connections = Connections.from(flags, Duration.ofSeconds(15));
    flags.require(!connections.timeout().isZero(), "timeout", "longer than 0 (default 15s)");
    var working =
        new Working(
            workers(flags),
            flags.backOff(),
            flags.text("default-fstype", "", "file system of a volume that does not name one"),
            errorCodes(flags),
            listings(flags));
    HARMLESS.forEach(flags::ignored);
    LoggingFlags.ignore(flags);
    flags.throwIfAnyProblem();
    return new AttacherOptions(connections, working);
  }

  private static OptionalInt workers(Flags flags) {
    var text =
        flags.text(
            "worker-threads",
            "",
            "attachments worked on at the same time; by default as many as the driver serves"
                + " without becoming slower");
    if (text.isEmpty()) {
      return OptionalInt.empty();
    }
    var wellFormed = text.matches("[1-9]\\d{0,8}");
    flags.require(wellFormed, "worker-threads", "a whole number, 1 or more (default: learned)");
    return wellFormed ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
  }

  private static Listings listings(Flags flags) {
    var listings =
        new Listings(
            flags.duration(
                "reconcile-sync",
                Duration.ofMinutes(1),
                "pause between two comparisons with the driver's list of volumes"),
            flags.count("max-entries", 0, "volumes per page of that list; 0: as the driver likes"));
    flags.require(!listings.interval().isZero(), "reconcile-sync", "longer than 0 (default 1m)");
    return listings;
  }

  private static ErrorCodes errorCodes(Flags flags) {
    var name = "feature-gates";
    var codes = ErrorCodes.WRITTEN;
    for (var gate : gates(flags.text(name, "", "pairs such as Gate=true,Other=false")).entrySet()) {
      var known = gate.getKey().equals(ERROR_CODE_GATE);
      flags.require(
          known || GATES_WITHOUT_EFFECT.contains(gate.getKey()),
          name,
          "of %s or ReleaseLeaderElectionOnExit, not %s".formatted(ERROR_CODE_GATE, gate.getKey()));
      var truth = gate.getValue();
      flags.require(truth.equals("true") || truth.equals("false"), name, "pairs such as Gate=true");
      if (known && truth.equals("false")) {
        codes = ErrorCodes.LEFT_OUT;
      }
    }
    return codes;
  }

  private static Map<String, String> gates(String text) {
    var gates = new LinkedHashMap<String, String>();
    if (!text.isBlank()) {
      for (var pair : text.split(",", -1)) {
        var parts = pair.split("=", 2);
        gates.put(parts[0].strip(), parts.length == 2 ? parts[1].strip() : "");
      }
    }
    return gates;
  }
}
