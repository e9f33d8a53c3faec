package io.csi4j.e2e.sandbox.actors;

import io.csi4j.proto.registration.v1.InfoRequest;
import io.csi4j.proto.registration.v1.PluginInfo;
import io.csi4j.proto.registration.v1.RegistrationGrpc;
import io.csi4j.proto.registration.v1.RegistrationStatus;
import io.csi4j.proto.registration.v1.RegistrationStatusResponse;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Serves the fakes on sockets, and says who they are as a registrar does. */
final class FakeDriver implements AutoCloseable {
  private final IoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Server> servers = new ArrayList<>();
  private final List<String> verdicts = new CopyOnWriteArrayList<>();

  void serve(Path socket, BindableService service) throws IOException {
    Files.createDirectories(socket.getParent());
    servers.add(start(socket, service));
  }

  /** What kubelet said to the registration: the error, empty for none. */
  List<String> verdicts() {
    return verdicts;
  }

  /** The returned socket's end ends the registration. */
  Server register(Path registry, String driver, Path endpoint) throws IOException {
    return start(registry.resolve(driver + "-reg.sock"), new Registrar(driver, endpoint));
  }

  private Server start(Path socket, BindableService service) throws IOException {
    return NettyServerBuilder.forAddress(new DomainSocketAddress(socket.toString()))
        .channelType(EpollServerDomainSocketChannel.class)
        .bossEventLoopGroup(group)
        .workerEventLoopGroup(group)
        .executor(calls)
        .addService(service)
        .build()
        .start();
  }

  @Override
  public void close() {
    servers.forEach(Server::shutdownNow);
    calls.shutdownNow();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
  }

  /** The registration service. */
  private final class Registrar extends RegistrationGrpc.RegistrationImplBase {
    private final String driver;
    private final Path endpoint;

    Registrar(String driver, Path endpoint) {
      this.driver = driver;
      this.endpoint = endpoint;
    }

    @Override
    public void getInfo(InfoRequest request, StreamObserver<PluginInfo> answer) {
      answer.onNext(
          PluginInfo.newBuilder()
              .setType("CSIPlugin")
              .setName(driver)
              .setEndpoint(endpoint.toString())
              .addSupportedVersions("1.0.0")
              .build());
      answer.onCompleted();
    }

    @Override
    public void notifyRegistrationStatus(
        RegistrationStatus request, StreamObserver<RegistrationStatusResponse> answer) {
      verdicts.add(request.getError());
      answer.onNext(RegistrationStatusResponse.getDefaultInstance());
      answer.onCompleted();
    }
  }
}
