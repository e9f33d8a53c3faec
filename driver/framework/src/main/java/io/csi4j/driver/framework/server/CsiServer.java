package io.csi4j.driver.framework.server;

import io.csi4j.driver.framework.locks.KeyLocks;
import io.csi4j.driver.spi.Plugin;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves a {@link Plugin} at a Unix socket, until it is closed. */
public final class CsiServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CsiServer.class);

  /** How long calls that run may take to end when the server is closed. */
  private static final Duration GRACE = Duration.ofSeconds(25);

  private static final long EVENT_LOOP_SECONDS = 2;

  private final SocketFile file;
  private final EventLoopGroup events;
  private final Server server;
  private final Calls calls;

  private CsiServer(SocketFile file, EventLoopGroup events, Server server, Calls calls) {
    this.file = file;
    this.events = events;
    this.server = server;
    this.calls = calls;
  }

  /** Listens when it returns. {@code nanos} is a clock for durations. */
  public static CsiServer start(Endpoint endpoint, Plugin plugin, LongSupplier nanos)
      throws IOException {
    var calls = new Calls(plugin.readiness(), nanos);
    var file = new SocketFile(endpoint.socket());
    var hidden = file.prepare();
    var events =
        new MultiThreadIoEventLoopGroup(
            1,
            Thread.ofPlatform().daemon().name("csi4j-driver-grpc").factory(),
            EpollIoHandler.newFactory());
    try {
      var server = build(hidden, events, plugin, calls).start();
      file.reveal();
      log.atInfo()
          .addKeyValue("driver", plugin.info().name())
          .addKeyValue("version", plugin.info().version())
          .addKeyValue("socket", endpoint.socket())
          .log("listened");
      return new CsiServer(file, events, server, calls);
    } catch (IOException failure) {
      end(events);
      throw failure;
    }
  }

  /** Waits until somebody closes the server. */
  public void awaitTermination() throws InterruptedException {
    server.awaitTermination();
  }

  /** Takes no new calls, lets those that run end, and removes the socket. */
  @Override
  public void close() {
    try {
      file.remove();
    } catch (IOException failure) {
      log.atWarn().addKeyValue("reason", failure).log("could not remove the socket");
    }
    server.shutdown();
    try {
      if (!server.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        server.shutdownNow();
      }
      // A call whose caller has gone away works on; what it changes must not be closed under it.
      if (!calls.awaitIdle(GRACE)) {
        log.atWarn().addKeyValue("calls", calls.running()).log("left calls that do not end");
      }
    } catch (InterruptedException _) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    end(events);
  }

  private static void end(EventLoopGroup events) {
    var ending = events.shutdownGracefully(0, EVENT_LOOP_SECONDS, TimeUnit.SECONDS);
    if (!ending.awaitUninterruptibly(EVENT_LOOP_SECONDS + 1, TimeUnit.SECONDS)) {
      log.atWarn().log("left an event loop that does not end");
    }
  }

  private static Server build(Path socket, EventLoopGroup events, Plugin plugin, Calls calls) {
    var threads = Thread.ofVirtual().name("csi4j-driver-call-", 1).factory();
    Executor virtual = task -> threads.newThread(task).start();
    var builder =
        NettyServerBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
            .channelType(EpollServerDomainSocketChannel.class)
            .bossEventLoopGroup(events)
            .workerEventLoopGroup(events)
            .executor(virtual)
            .addService(IdentityCalls.table(plugin, calls));
    var reception = new Reception(plugin, new KeyLocks());
    var controller = plugin.controller();
    if (controller != null) {
      new ControllerServices(reception, controller, calls).all().forEach(builder::addService);
    }
    var node = plugin.node();
    if (node != null) {
      builder.addService(NodeCalls.table(reception, node, calls));
    }
    return builder.build();
  }
}
