package io.csi4j.sidecars.kit.csi;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * A gRPC channel over a Unix socket: one event loop thread, callbacks on virtual threads, never
 * idle.
 */
final class EpollChannel implements AutoCloseable {

  /** From 30 days on grpc-java takes it as "never". */
  private static final long NEVER_IDLE_DAYS = 30;

  private static final long RETRY_SOON_MILLIS = 100;

  private final ManagedChannel channel;

  EpollChannel(SocketAddress address, EpollLoop loop) {
    channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(address.path().toString()))
            .channelType(EpollDomainSocketChannel.class)
            .eventLoopGroup(loop.group())
            .executor(loop.callbacks())
            .usePlaintext()
            // Some servers refuse a socket's path as authority.
            .overrideAuthority("localhost")
            .disableServiceConfigLookUp()
            .disableRetry()
            .maxTraceEvents(0)
            .idleTimeout(NEVER_IDLE_DAYS, TimeUnit.DAYS)
            .build();
  }

  /**
   * Tries again soon after each failed attempt, until it is connected or closed: for a call that
   * waits for a driver which may be back any moment. grpc-java alone would wait a second and more,
   * and tells of the first failure only.
   */
  void retrySoon(EpollLoop loop) {
    var unused =
        loop.group()
            .schedule(() -> retryUnlessOver(loop), RETRY_SOON_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void retryUnlessOver(EpollLoop loop) {
    switch (channel.getState(false)) {
      case READY, SHUTDOWN -> {
        // Nothing is left to try.
      }
      case TRANSIENT_FAILURE -> {
        connectNow();
        retrySoon(loop);
      }
      case IDLE, CONNECTING -> retrySoon(loop);
    }
  }

  ManagedChannel channel() {
    return channel;
  }

  /** Asks for a connection and says how far that has come. */
  ConnectivityState state() {
    return channel.getState(true);
  }

  /**
   * grpc-java waits longer after each failed attempt, up to two minutes; a driver may be back any
   * second.
   */
  void connectNow() {
    channel.resetConnectBackoff();
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
