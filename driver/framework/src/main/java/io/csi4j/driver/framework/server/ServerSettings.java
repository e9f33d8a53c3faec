package io.csi4j.driver.framework.server;

import java.util.function.LongSupplier;

/**
 * How a driver is served.
 *
 * @param nanos a clock for durations
 */
public record ServerSettings(
    Endpoint endpoint, SocketAccess access, CallObserver observer, LongSupplier nanos) {

  public static ServerSettings at(Endpoint endpoint, LongSupplier nanos) {
    return new ServerSettings(endpoint, SocketAccess.DEFAULT, CallObserver.NOBODY, nanos);
  }

  public ServerSettings with(SocketAccess changed) {
    return new ServerSettings(endpoint, changed, observer, nanos);
  }

  public ServerSettings with(CallObserver changed) {
    return new ServerSettings(endpoint, access, changed, nanos);
  }
}
