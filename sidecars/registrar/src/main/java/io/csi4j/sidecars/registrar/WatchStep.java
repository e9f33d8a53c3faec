package io.csi4j.sidecars.registrar;

import io.csi4j.sidecars.registrar.RegistrationSocket.Sight;
import java.util.List;

/** What follows from a look at the socket, at kubelet's words and at the driver. Pure. */
sealed interface WatchStep {

  /** All is as it should be, or nothing that we do would help. */
  record Stay() implements WatchStep {}

  /** A new socket is what makes kubelet look again. */
  record MakeAnew(String why) implements WatchStep {}

  /**
   * The same after a pause that grows, in which kubelet may change its mind: it tries again by
   * itself where it has refused before asking the driver.
   */
  record MakeAnewLater(String why) implements WatchStep {}

  /** {@code changes} are what the driver says otherwise since it was registered. */
  static WatchStep decide(Sight sight, boolean refused, List<String> changes) {
    return switch (sight) {
      case MISSING -> new MakeAnew("the registration socket has vanished");
      case DEAD -> new MakeAnew("somebody has left a dead socket in place of ours");
      // Who came later has the path. It is not fought for: two that replace each other in turn
      // would make the driver come and go.
      case ANOTHERS, NO_SOCKET -> new Stay();
      case OURS -> {
        if (!changes.isEmpty()) {
          yield new MakeAnew("the driver has changed: " + String.join(", ", changes));
        }
        yield refused ? new MakeAnewLater("kubelet has refused the driver") : new Stay();
      }
    };
  }
}
