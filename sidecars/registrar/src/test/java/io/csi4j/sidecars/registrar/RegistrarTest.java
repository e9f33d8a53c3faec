package io.csi4j.sidecars.registrar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.csi4j.proto.csi.v1.GetPluginInfoRequest;
import io.csi4j.proto.csi.v1.GetPluginInfoResponse;
import io.csi4j.proto.csi.v1.IdentityGrpc;
import io.csi4j.proto.registration.v1.InfoRequest;
import io.csi4j.proto.registration.v1.PluginInfo;
import io.csi4j.proto.registration.v1.RegistrationGrpc;
import io.csi4j.proto.registration.v1.RegistrationStatus;
import io.csi4j.sidecars.kit.component.Component;
import io.csi4j.sidecars.kit.component.Component.Fatal;
import io.csi4j.sidecars.kit.csi.EpollServer;
import io.csi4j.sidecars.kit.options.BadFlags;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.time.SystemTime;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scenarios of registrar.md 12, with this test as kubelet on the real socket. */
class RegistrarTest {
  @TempDir Path folder;

  private final SystemTime time = new SystemTime();
  private final MultiThreadIoEventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private EpollServer driver;

  @BeforeEach
  void startsADriver() throws IOException {
    driver = EpollServer.start(folder.resolve("csi.sock"), new NamedDriver("test.csi4j.io"));
  }

  @AfterEach
  void endsAll() {
    driver.close();
    time.close();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  @Test
  void given_a_driver_when_kubelet_asks_then_it_learns_name_and_endpoint() throws Exception {
    try (var registrar = start()) {
      var kubelet = connect();

      var info =
          RegistrationGrpc.newBlockingStub(kubelet).getInfo(InfoRequest.getDefaultInstance());

      assertThat(info)
          .isEqualTo(
              PluginInfo.newBuilder()
                  .setType("CSIPlugin")
                  .setName("test.csi4j.io")
                  .setEndpoint("/var/lib/kubelet/plugins/test/csi.sock")
                  .addSupportedVersions("1.0.0")
                  .build());
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
          .isEqualTo("rwx------");
      assertThat(registrar.ended()).isFalse();
      kubelet.shutdownNow();
    }
  }

  @Test
  void given_kubelet_has_registered_the_driver_then_the_registrar_goes_on() throws Exception {
    try (var registrar = start()) {
      var kubelet = connect();

      RegistrationGrpc.newBlockingStub(kubelet)
          .notifyRegistrationStatus(
              RegistrationStatus.newBuilder().setPluginRegistered(true).build());

      assertThat(registrar.ended()).isFalse();
      kubelet.shutdownNow();
    }
  }

  @Test
  void given_kubelet_refuses_the_driver_then_the_registrar_ends_with_the_reason() throws Exception {
    try (var registrar = start()) {
      var kubelet = connect();

      RegistrationGrpc.newBlockingStub(kubelet)
          .notifyRegistrationStatus(
              RegistrationStatus.newBuilder().setError("version is too old").build());

      assertThatThrownBy(registrar::awaitEnd)
          .isInstanceOf(Fatal.class)
          .hasMessageContaining("version is too old");
      kubelet.shutdownNow();
    }
  }

  @Test
  void given_an_orderly_end_then_the_socket_is_gone() throws Throwable {
    try (var registrar = start()) {
      registrar.askToEnd();
      registrar.awaitEnd();

      assertThat(socket()).doesNotExist();
      assertThat(folder.toFile().list()).containsExactly("csi.sock");
    }
  }

  @Test
  void given_a_stale_socket_when_started_then_it_is_replaced() throws Exception {
    try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(socket()));
    }
    var inode = Files.getAttribute(socket(), "unix:ino");
    try (var registrar = start()) {
      await().until(() -> !Files.getAttribute(socket(), "unix:ino").equals(inode));
      var kubelet = connect();

      assertThat(
              RegistrationGrpc.newBlockingStub(kubelet)
                  .getInfo(InfoRequest.getDefaultInstance())
                  .getName())
          .isEqualTo("test.csi4j.io");
      assertThat(registrar.ended()).isFalse();
      kubelet.shutdownNow();
    }
  }

  @Test
  void given_a_file_that_is_no_socket_when_started_then_it_is_left_alone() throws Exception {
    Files.writeString(socket(), "precious");
    try (var registrar = start()) {

      assertThatThrownBy(registrar::awaitEnd)
          .isInstanceOf(Fatal.class)
          .hasMessageContaining("not a socket");
      assertThat(socket()).hasContent("precious");
    }
  }

  @Test
  void given_no_registration_path_then_the_flag_is_named() {
    assertThatThrownBy(() -> Registrar.of(Flags.parse(List.of()), time))
        .isInstanceOf(BadFlags.class)
        .hasMessageContaining("--kubelet-registration-path=: must be given");
  }

  private Path socket() {
    return folder.resolve("test.csi4j.io-reg.sock");
  }

  private Running start() {
    return new Running(
        Registrar.of(
            Flags.parse(
                List.of(
                    "--csi-address=" + folder.resolve("csi.sock"),
                    "--kubelet-registration-path=/var/lib/kubelet/plugins/test/csi.sock",
                    "--plugin-registration-path=" + folder,
                    "--timeout=10s")),
            time));
  }

  private ManagedChannel connect() {
    await().until(() -> Files.exists(socket()));
    return NettyChannelBuilder.forAddress(new DomainSocketAddress(socket().toString()))
        .channelType(EpollDomainSocketChannel.class)
        .eventLoopGroup(loop)
        .usePlaintext()
        .build();
  }

  /** A component on a thread of its own. */
  private static final class Running implements AutoCloseable {
    private final Component component;
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    Running(Component component) {
      this.component = component;
      Thread.ofVirtual().start(this::run);
    }

    void askToEnd() {
      component.close();
    }

    boolean ended() {
      return end.isDone();
    }

    /** Throws what the component threw. */
    void awaitEnd() throws Throwable {
      try {
        end.get(20, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        throw e.getCause();
      }
    }

    private void run() {
      try {
        component.run();
        end.complete(null);
      } catch (InterruptedException | RuntimeException e) {
        end.completeExceptionally(e);
      }
    }

    @Override
    public void close() {
      component.close();
      await().until(end::isDone);
    }
  }

  private static final class NamedDriver extends IdentityGrpc.IdentityImplBase {
    private final String name;

    NamedDriver(String name) {
      this.name = name;
    }

    @Override
    public void getPluginInfo(
        GetPluginInfoRequest request, StreamObserver<GetPluginInfoResponse> reply) {
      reply.onNext(GetPluginInfoResponse.newBuilder().setName(name).build());
      reply.onCompleted();
    }
  }
}
