package io.csi4j.sidecars.registrar;

import static org.awaitility.Awaitility.await;

import io.csi4j.proto.registration.v1.InfoRequest;
import io.csi4j.proto.registration.v1.PluginInfo;
import io.csi4j.proto.registration.v1.RegistrationGrpc;
import io.csi4j.proto.registration.v1.RegistrationStatus;
import io.csi4j.sidecars.kit.component.RunningComponent;
import io.csi4j.sidecars.kit.csi.EpollServer;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.time.SystemTime;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A folder with a driver's socket, and what a test needs to be kubelet and prober there. */
final class RegistrarStage implements AutoCloseable {
  static final String NAME = "test.csi4j.io";

  final SystemTime time = new SystemTime();
  final NodeIdentity identity = new NodeIdentity(NAME);
  EpollServer driver;

  private final Path folder;
  private final MultiThreadIoEventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final HttpClient http = HttpClient.newHttpClient();
  private final int port;

  RegistrarStage(Path folder) throws IOException {
    this.folder = folder;
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    startDriver();
  }

  void startDriver() throws IOException {
    driver = EpollServer.start(driverSocket(), identity.identity(), identity.node());
  }

  Path driverSocket() {
    return folder.resolve("csi.sock");
  }

  Path socket() {
    return folder.resolve(NAME + "-reg.sock");
  }

  int port() {
    return port;
  }

  String httpFlag() {
    return "--http-endpoint=127.0.0.1:" + port;
  }

  RunningComponent start(String... more) {
    var args =
        new ArrayList<>(
            List.of(
                "--csi-address=" + driverSocket(),
                "--kubelet-registration-path=/var/lib/kubelet/plugins/test/csi.sock",
                "--plugin-registration-path=" + folder,
                "--timeout=10s"));
    args.addAll(List.of(more));
    return RunningComponent.start(Registrar.of(Flags.parse(args), time));
  }

  Object inode() throws IOException {
    return Files.getAttribute(socket(), "unix:ino");
  }

  HttpResponse<String> get(String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path))).build(),
        BodyHandlers.ofString());
  }

  /** Asks at the registration socket, once it is there. */
  PluginInfo info() {
    return kubelet(stub -> stub.getInfo(InfoRequest.getDefaultInstance()));
  }

  void accept() {
    tell(RegistrationStatus.newBuilder().setPluginRegistered(true).build());
  }

  void refuse(String reason) {
    tell(RegistrationStatus.newBuilder().setError(reason).build());
  }

  ManagedChannel connect() {
    await().until(() -> Files.exists(socket()));
    return NettyChannelBuilder.forAddress(new DomainSocketAddress(socket().toString()))
        .channelType(EpollDomainSocketChannel.class)
        .eventLoopGroup(loop)
        .usePlaintext()
        .build();
  }

  private void tell(RegistrationStatus status) {
    var unused = kubelet(stub -> stub.notifyRegistrationStatus(status));
  }

  private <T> T kubelet(Function<RegistrationGrpc.RegistrationBlockingStub, T> call) {
    var channel = connect();
    try {
      return call.apply(RegistrationGrpc.newBlockingStub(channel));
    } finally {
      channel.shutdownNow();
    }
  }

  @Override
  public void close() {
    driver.close();
    http.close();
    time.close();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
