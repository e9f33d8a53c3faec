package io.csi4j.sidecars.kit.csi;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A gRPC server on a Unix socket: one event loop thread, a virtual thread per call. */
public final class EpollServer implements AutoCloseable {
  private static final long GRACE_SECONDS = 2;

  private final EpollLoop loop;
  private final Server server;

  private EpollServer(EpollLoop loop, Server server) {
    this.loop = loop;
    this.server = server;
  }

  /** Binds and serves; the path must be free. */
  public static EpollServer start(Path socket, BindableService... services) throws IOException {
    var loop = new EpollLoop();
    var builder =
        NettyServerBuilder.forAddress(new DomainSocketAddress(socket.toString()))
            .channelType(EpollServerDomainSocketChannel.class)
            .bossEventLoopGroup(loop.group())
            .workerEventLoopGroup(loop.group())
            .executor(loop.callbacks());
    for (var service : services) {
      builder.addService(service);
    }
    var server = builder.build();
    try {
      server.start();
      return new EpollServer(loop, server);
    } catch (IOException e) {
      loop.close();
      throw e;
    }
  }

  /** Lets calls in flight end, for a moment. */
  @Override
  public void close() {
    try {
      server.shutdown().awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      server.shutdownNow();
      loop.close();
    }
  }
}
