package io.csi4j.sidecars.kit.csi;

import io.grpc.ManagedChannel;
import java.util.function.Function;

/** Calls over a connection that is made for the call and closed after it. */
public final class FreshCalls implements AutoCloseable {
  private final EpollLoop loop = new EpollLoop();

  /** The call sets its own deadline, which includes connecting if it waits for that. */
  public <T> T call(SocketAddress address, Function<ManagedChannel, T> call) {
    try (var channel = new EpollChannel(address, loop)) {
      channel.retrySoon(loop);
      return call.apply(channel.channel());
    }
  }

  @Override
  public void close() {
    loop.close();
  }
}
