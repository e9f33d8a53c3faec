package io.csi4j.e2e.sandbox.actors.node;

import io.csi4j.e2e.sandbox.actors.node.Wanted.Mountable;
import java.util.List;
import java.util.Map;

/**
 * What goes into requests besides the volume itself.
 *
 * @param publishContext what the driver said when it attached the volume
 * @param secrets for this call, by no means to be shown
 * @param extraContext pod information and tokens
 * @param flags mount flags besides those of the volume
 * @param group the decimal group ID that the driver is to set; empty for none
 */
record MountInputs(
    Mountable wanted,
    NodeTraits traits,
    Map<String, String> publishContext,
    Map<String, String> secrets,
    Map<String, String> extraContext,
    List<String> flags,
    String group) {

  MountInputs {
    publishContext = Map.copyOf(publishContext);
    secrets = Map.copyOf(secrets);
    extraContext = Map.copyOf(extraContext);
    flags = List.copyOf(flags);
  }

  @Override
  public String toString() {
    return "inputs of " + wanted.spec();
  }
}
