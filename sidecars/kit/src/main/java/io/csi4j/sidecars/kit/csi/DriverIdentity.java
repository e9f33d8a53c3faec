package io.csi4j.sidecars.kit.csi;

import java.util.Set;

/**
 * Who the driver is and what it can do. Capabilities are kept as numbers, because a newer driver
 * may have some that this code has no name for.
 *
 * @param plugin numbers of {@code PluginCapability.Service.Type}
 * @param controller numbers of {@code ControllerServiceCapability.RPC.Type}, empty without a
 *     controller service
 * @param group numbers of {@code GroupControllerServiceCapability.RPC.Type}, empty without a group
 *     controller service
 */
public record DriverIdentity(
    String name, Set<Integer> plugin, Set<Integer> controller, Set<Integer> group) {

  public DriverIdentity(String name, Set<Integer> plugin, Set<Integer> controller) {
    this(name, plugin, controller, Set.of());
  }

  public DriverIdentity {
    plugin = Set.copyOf(plugin);
    controller = Set.copyOf(controller);
    group = Set.copyOf(group);
  }
}
