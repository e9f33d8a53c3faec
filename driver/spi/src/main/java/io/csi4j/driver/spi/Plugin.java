package io.csi4j.driver.spi;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A whole driver, ready to be served.
 *
 * @param controller null in a process that serves only a node
 * @param node null in a process that serves only the controller
 */
public record Plugin(
    PluginInfo info,
    Readiness readiness,
    Set<Trait> traits,
    @Nullable ControllerParts controller,
    @Nullable NodeParts node) {

  public Plugin {
    traits = Set.copyOf(traits);
  }

  public static Plugin named(PluginInfo info, Readiness readiness) {
    return new Plugin(info, readiness, EnumSet.noneOf(Trait.class), null, null);
  }

  public Plugin with(Trait trait) {
    var more = EnumSet.of(trait);
    more.addAll(traits);
    return new Plugin(info, readiness, more, controller, node);
  }

  public Plugin with(ControllerParts parts) {
    return new Plugin(info, readiness, traits, parts, node);
  }

  public Plugin with(NodeParts parts) {
    return new Plugin(info, readiness, traits, controller, parts);
  }

  public boolean has(Trait trait) {
    return traits.contains(trait);
  }
}
