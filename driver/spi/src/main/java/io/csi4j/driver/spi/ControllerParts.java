package io.csi4j.driver.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the controller side can do: a part that is missing is not reported, and its calls are
 * answered with UNIMPLEMENTED.
 */
public record ControllerParts(Volumes volumes, List<ControllerPart> more) {

  public ControllerParts {
    more = List.copyOf(more);
  }

  public static ControllerParts of(Volumes volumes, ControllerPart... more) {
    return new ControllerParts(volumes, List.of(more));
  }

  public ControllerParts with(ControllerPart part) {
    var all = new ArrayList<>(more);
    all.add(part);
    return new ControllerParts(volumes, all);
  }

  /** The part that does this, if there is one. */
  public <T extends ControllerPart> Optional<T> find(Class<T> kind) {
    return more.stream().filter(kind::isInstance).map(kind::cast).findFirst();
  }

  public boolean has(Class<? extends ControllerPart> kind) {
    return find(kind).isPresent();
  }
}
