package io.csi4j.sidecars.kit.csi;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A gRPC server on a Unix socket: one event loop thread, a virtual thread per call. */
public final class EpollServer implements AutoCloseable {
  private static final long GRACE_SECONDS = 2;

  private final IoEventLoopGroup loop;
  private final ExecutorService calls;
  private final Server server;

  private EpollServer(IoEventLoopGroup loop, ExecutorService calls, Server server) {
    this.loop = loop;
    this.calls = calls;
    this.server = server;
  }

  /** Binds and serves; the path must be free. */
  public static EpollServer start(Path socket, BindableService... services) throws IOException {
    var loop =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("csi4j-server", true), EpollIoHandler.newFactory());
    var calls = Executors.newVirtualThreadPerTaskExecutor();
    var builder =
        NettyServerBuilder.forAddress(new DomainSocketAddress(socket.toString()))
            .channelType(EpollServerDomainSocketChannel.class)
            .bossEventLoopGroup(loop)
            .workerEventLoopGroup(loop)
            .executor(calls);
    for (var service : services) {
      builder.addService(service);
    }
    var server = builder.build();
    try {
      server.start();
      return new EpollServer(loop, calls, server);
    } catch (IOException e) {
      end(loop, calls);
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
      end(loop, calls);
    }
  }

  private static void end(IoEventLoopGroup loop, ExecutorService calls) {
    calls.shutdown();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
  }
}
