package io.csi4j.driver.framework.server;

import java.time.Duration;

/** Is told of each call that was answered; whoever serves metrics makes them of it. */
@FunctionalInterface
public interface CallObserver {
  CallObserver NOBODY = (_, _, _) -> {};

  /**
   * A call has been answered.
   *
   * @param method with its service, as in {@code /csi.v1.Node/NodePublishVolume}
   * @param code gRPC's number for how it ended
   */
  void answered(String method, int code, Duration took);
}
