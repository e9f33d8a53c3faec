package io.csi4j.sidecars.kit.csi;

import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** What connections run on: one event loop thread, and a virtual thread for each callback. */
final class EpollLoop implements AutoCloseable {
  private final IoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("csi4j-csi", true), EpollIoHandler.newFactory());
  private final ExecutorService callbacks = Executors.newVirtualThreadPerTaskExecutor();

  IoEventLoopGroup group() {
    return group;
  }

  ExecutorService callbacks() {
    return callbacks;
  }

  @Override
  public void close() {
    callbacks.shutdown();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
  }
}
