package io.csi4j.driver.framework.spi;

import org.jspecify.annotations.Nullable;

/**
 * What the controller side can do: a part that is missing is not reported, and its calls are
 * answered with UNIMPLEMENTED.
 */
public record ControllerParts(Volumes volumes, @Nullable Attachments attachments) {

  public static ControllerParts of(Volumes volumes) {
    return new ControllerParts(volumes, null);
  }

  public ControllerParts with(Attachments part) {
    return new ControllerParts(volumes, part);
  }
}
