package io.csi4j.e2e.sandbox.actors.csi;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.file.Path;
import java.util.function.Function;

/** Calls over a Unix socket, each over a connection of its own, as kubelet makes them. */
public record CsiCalls(EventLoop loop) {

  /** The call sets its own deadline. */
  public <T> CsiAnswer<T> call(Path socket, Function<ManagedChannel, T> call) {
    var channel = channel(socket);
    try {
      return new CsiAnswer.Done<>(call.apply(channel));
    } catch (StatusRuntimeException failure) {
      var status = failure.getStatus();
      var description = status.getDescription();
      return new CsiAnswer.Failed<>(status.getCode(), description == null ? "" : description);
    } finally {
      channel.shutdownNow();
    }
  }

  ManagedChannel channel(Path socket) {
    return NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toString()))
        .channelType(EpollDomainSocketChannel.class)
        .eventLoopGroup(loop.group())
        .executor(loop.callbacks())
        .usePlaintext()
        .overrideAuthority("localhost")
        .disableServiceConfigLookUp()
        .disableRetry()
        .maxTraceEvents(0)
        .build();
  }
}
