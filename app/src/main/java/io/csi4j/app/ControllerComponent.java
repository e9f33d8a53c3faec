package io.csi4j.app;

import io.csi4j.sidecars.attacher.Attacher;
import io.csi4j.sidecars.kit.component.Component;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.sidecar.DriverSidecar;
import io.csi4j.sidecars.kit.sidecar.SidecarPart;
import io.csi4j.sidecars.provisioner.Provisioner;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * {@code csi4j controller}: several controllers in one process, with one connection to the driver,
 * one cache of the cluster's objects and one lease. The lease is the first one's, as if that ran
 * alone.
 */
final class ControllerComponent {
  private static final String NAME = "controllers";
  private static final List<String> ALL = List.of("provisioner", "attacher");

  private ControllerComponent() {}

  static Component of(Flags flags, Time time) {
    var parts = new ArrayList<SidecarPart>();
    for (var name : chosen(flags)) {
      parts.add(part(name, flags.part(name), time));
    }
    flags.throwIfAnyProblem();
    return new DriverSidecar("csi4j-controller", parts, time);
  }

  /** In the order of {@link #ALL}: whose lease it is must not hang on how the flag is written. */
  private static List<String> chosen(Flags flags) {
    var fallback = String.join(",", ALL);
    var wanted =
        new LinkedHashSet<>(
            List.of(flags.text(NAME, fallback, "which ones, by commas").split(",", -1)));
    flags.require(ALL.containsAll(wanted), NAME, "some of %s (default: all)".formatted(fallback));
    var chosen = ALL.stream().filter(wanted::contains).toList();
    return chosen.isEmpty() ? ALL : chosen;
  }

  private static SidecarPart part(String name, Flags flags, Time time) {
    return switch (name) {
      case "provisioner" -> Provisioner.part(flags, time);
      case "attacher" -> Attacher.part(flags, time);
      default -> throw new IllegalStateException("no controller " + name);
    };
  }
}
