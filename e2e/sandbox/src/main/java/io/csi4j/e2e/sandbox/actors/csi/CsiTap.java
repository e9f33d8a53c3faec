package io.csi4j.e2e.sandbox.actors.csi;

import io.csi4j.e2e.sandbox.actors.history.History;
import io.csi4j.e2e.sandbox.clock.Surroundings.Sleep;
import io.grpc.HandlerRegistry;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerMethodDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A socket that stands for a driver's: passes every call on, writes it down, and lets go wrong what
 * is planned to. Node and sidecars use it in the driver's place.
 */
public final class CsiTap implements AutoCloseable {
  private final String place;
  private final Path socket;
  private final EventLoop loop;
  private final TapWork work;

  /** Guarded by this; missing while the socket is closed. */
  private @Nullable Server server;

  /**
   * Serves after {@link #open}.
   *
   * @param place how the history names this socket
   * @param socket where to serve
   * @param driver the socket of the driver itself, which may come up later
   */
  public CsiTap(String place, Path socket, Path driver, Parts parts) {
    this.place = place;
    this.socket = socket;
    this.loop = parts.loop;
    this.work = new TapWork(place, driver, parts, this::cut);
  }

  /** What taps share. */
  public record Parts(EventLoop loop, History history, CsiFaults faults, Sleep sleep) {}

  public Path socket() {
    return socket;
  }

  /** Serves from now on; does nothing where it does already. */
  public synchronized void open() {
    if (server != null) {
      return;
    }
    try {
      Files.deleteIfExists(socket);
      server =
          NettyServerBuilder.forAddress(new DomainSocketAddress(socket.toString()))
              .channelType(EpollServerDomainSocketChannel.class)
              .bossEventLoopGroup(loop.group())
              .workerEventLoopGroup(loop.group())
              .executor(loop.callbacks())
              .fallbackHandlerRegistry(new AnyMethod())
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException("could not serve " + socket, e);
    }
  }

  /** Breaks all connections and removes the socket. */
  public synchronized void shut() {
    if (server != null) {
      server.shutdownNow();
      server = null;
    }
    try {
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      throw new UncheckedIOException("could not remove " + socket, e);
    }
  }

  /** Breaks all connections; new ones are served. */
  public void cut() {
    shut();
    open();
  }

  @Override
  public void close() {
    shut();
  }

  @Override
  public String toString() {
    return place + " at " + socket;
  }

  /** Takes every method there is, as bytes. */
  private final class AnyMethod extends HandlerRegistry {
    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String name, @Nullable String authority) {
      var method = method(name);
      return ServerMethodDefinition.create(
          method,
          ServerCalls.asyncUnaryCall((request, answer) -> work.pass(method, request, answer)));
    }
  }

  private static MethodDescriptor<byte[], byte[]> method(String name) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(name)
        .setRequestMarshaller(new Bytes())
        .setResponseMarshaller(new Bytes())
        .build();
  }

  /** Messages as they are. */
  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
