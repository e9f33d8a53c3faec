package io.csi4j.e2e.sandbox.actors.csi;

import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** What connections run on: one thread of netty's, and a virtual thread for each callback. */
public final class EventLoop implements AutoCloseable {
  private static final long GRACE_SECONDS = 1;

  private final IoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("csi4j-actors-csi", true), EpollIoHandler.newFactory());
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
    group
        .shutdownGracefully(0, GRACE_SECONDS, TimeUnit.SECONDS)
        .awaitUninterruptibly(GRACE_SECONDS, TimeUnit.SECONDS);
  }
}
