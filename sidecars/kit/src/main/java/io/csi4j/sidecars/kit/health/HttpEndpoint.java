package io.csi4j.sidecars.kit.health;

import io.csi4j.sidecars.kit.component.Component.Fatal;
import io.csi4j.sidecars.kit.doors.Time;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A small HTTP server: some paths, each with an answer that is made when it is asked for, on a
 * virtual thread. Who hangs up before the answer interrupts its making: nobody waits for it any
 * more. That is why the JDK's own server does not do: it does not notice.
 */
public final class HttpEndpoint implements AutoCloseable {
  private static final int BACKLOG = 128;
  private static final int CONNECTIONS_MAX = 512;
  private static final int BODY_BYTES_MAX = 64 * 1024;

  /** A connection without a word for so long is closed; kubelet asks more often. */
  private static final int SILENCE_SECONDS_MAX = 120;

  private final IoEventLoopGroup loop;
  private final ChannelGroup connections;
  private final Channel listening;

  private HttpEndpoint(IoEventLoopGroup loop, ChannelGroup connections, Channel listening) {
    this.loop = loop;
    this.connections = connections;
    this.listening = listening;
  }

  /** What a path answers. */
  public record Answer(int status, String contentType, String body) {
    public static Answer text(int status, String body) {
      return new Answer(status, "text/plain; charset=utf-8", body);
    }
  }

  /**
   * Listens; paths that are not among the routes answer 404. Throws {@link Fatal} where the address
   * cannot be had.
   */
  public static HttpEndpoint start(
      ListenAddress address, Map<String, Supplier<Answer>> routes, Time time) {
    var loop =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("csi4j-http", true), EpollIoHandler.newFactory());
    var connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    var bound =
        new ServerBootstrap()
            .group(loop)
            .channel(EpollServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childHandler(new Connections(connections, routes, time))
            .bind(address.socket())
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      var unused = loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      throw new Fatal("cannot listen on %s: %s".formatted(address, bound.cause().getMessage()));
    }
    return new HttpEndpoint(loop, connections, bound.channel());
  }

  /** Where it listens, with the port that was chosen where none was given. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listening.localAddress();
  }

  @Override
  public void close() {
    listening.close().awaitUninterruptibly();
    connections.close().awaitUninterruptibly();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
  }

  /** Furnishes each connection, and refuses those that are too many. */
  private static final class Connections extends ChannelInitializer<Channel> {
    private final ChannelGroup open;
    private final Map<String, Supplier<Answer>> routes;
    private final Time time;

    Connections(ChannelGroup open, Map<String, Supplier<Answer>> routes, Time time) {
      this.open = open;
      this.routes = routes;
      this.time = time;
    }

    @Override
    protected void initChannel(Channel connection) {
      if (open.size() >= CONNECTIONS_MAX) {
        var unused = connection.close();
        return;
      }
      open.add(connection);
      connection
          .pipeline()
          .addLast(
              new ReadTimeoutHandler(SILENCE_SECONDS_MAX),
              new HttpServerCodec(),
              new HttpServerKeepAliveHandler(),
              new HttpObjectAggregator(BODY_BYTES_MAX),
              new HttpConversation(routes, time));
    }
  }
}
