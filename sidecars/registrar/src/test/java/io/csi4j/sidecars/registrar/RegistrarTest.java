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
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
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
  private final HttpClient http = HttpClient.newHttpClient();
  private final int port = freePort();
  private EpollServer driver;

  @BeforeEach
  void startsADriver() throws IOException {
    driver = EpollServer.start(folder.resolve("csi.sock"), new NamedDriver("test.csi4j.io"));
  }

  @AfterEach
  void endsAll() {
    driver.close();
    http.close();
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

  /** Scenarios 5 and 40: a new socket is what makes kubelet try again. */
  @Test
  void given_kubelet_refuses_the_driver_then_a_new_socket_is_made_and_it_may_try_again()
      throws Exception {
    try (var registrar = start("--http-endpoint=127.0.0.1:" + port)) {
      var kubelet = connect();
      var first = inode();

      RegistrationGrpc.newBlockingStub(kubelet)
          .notifyRegistrationStatus(
              RegistrationStatus.newBuilder().setError("version is too old").build());
      kubelet.shutdownNow();
      assertThat(get("/readyz").body()).contains("kubelet refused the driver: version is too old");

      await().until(() -> Files.exists(socket()) && !inode().equals(first));
      var again = connect();
      RegistrationGrpc.newBlockingStub(again)
          .notifyRegistrationStatus(
              RegistrationStatus.newBuilder().setPluginRegistered(true).build());
      again.shutdownNow();
      await().until(() -> get("/readyz").statusCode() == 200);
      assertThat(registrar.ended()).isFalse();
    }
  }

  /** Scenario 39. */
  @Test
  void given_the_socket_vanishes_then_it_is_made_anew() throws Exception {
    try (var registrar = start("--http-endpoint=127.0.0.1:" + port)) {
      await().until(() -> Files.exists(socket()));

      Files.delete(socket());
      assertThat(get("/healthz").statusCode()).isEqualTo(404);

      await().until(() -> get("/healthz").statusCode() == 200);
      assertThat(registrar.ended()).isFalse();
    }
  }

  /** Scenarios 37 and 38. */
  @Test
  void given_two_registrars_on_one_path_then_the_older_one_leaves_the_newer_ones_socket_alone()
      throws Throwable {
    try (var older = start()) {
      await().until(() -> Files.exists(socket()));
      var first = inode();
      try (var newer = start()) {
        await().until(() -> !inode().equals(first));
        var second = inode();

        older.askToEnd();
        older.awaitEnd();

        assertThat(inode()).isEqualTo(second);
        assertThat(newer.ended()).isFalse();
      }
    }
  }

  /** Scenarios 28 to 31. */
  @Test
  void given_what_is_at_the_path_then_health_says_so() throws Exception {
    try (var registrar = start("--http-endpoint=127.0.0.1:" + port)) {
      await().until(() -> Files.exists(socket()));
      assertThat(get("/healthz").body()).isEqualTo("ok");

      Files.delete(socket());
      Files.writeString(socket(), "a file");
      assertThat(get("/healthz").statusCode()).isEqualTo(500);

      Files.delete(socket());
      var story = new RegistrationStory(time);
      try (var _ = EpollServer.start(socket(), new RegistrationService("other", "/other", story))) {
        var reply = get("/healthz");
        assertThat(reply.statusCode()).isEqualTo(500);
        assertThat(reply.body()).isEqualTo("invalid driver name other");
      }
      assertThat(registrar.ended()).isFalse();
    }
  }

  /** Scenario 15, and the first item of readiness: it says what it waits for. */
  @Test
  void given_no_driver_yet_then_readiness_says_so_and_the_registrar_waits() throws Exception {
    driver.close();
    try (var registrar = start("--http-endpoint=127.0.0.1:" + port)) {
      await().until(() -> get("/readyz").statusCode() == 503);
      assertThat(get("/readyz").body()).startsWith("waiting for the CSI driver at unix://");

      driver = EpollServer.start(folder.resolve("csi.sock"), new NamedDriver("test.csi4j.io"));

      await().until(() -> Files.exists(socket()));
      await()
          .untilAsserted(
              () -> assertThat(get("/readyz").body()).contains("kubelet has not asked yet"));
      assertThat(registrar.ended()).isFalse();
    }
  }

  /** Scenarios 8 to 10. */
  @Test
  void given_the_old_probe_mode_then_it_ends_at_once_and_touches_nothing() throws Throwable {
    try (var registrar = start("--mode=kubelet-registration-probe")) {
      registrar.awaitEnd();
      assertThat(socket()).doesNotExist();
    }
    try (var registrar = start("--mode=other")) {
      await().until(() -> Files.exists(socket()));
      assertThat(registrar.ended()).isFalse();
    }
  }

  /** Scenario 11. */
  @Test
  void given_two_flags_for_the_port_then_it_does_not_start() {
    assertThatThrownBy(() -> start("--health-port=1", "--http-endpoint=:2"))
        .isInstanceOf(Fatal.class);
  }

  /** Scenario 27: a killed registrar leaves its hidden socket, too, if it was killed early. */
  @Test
  void given_leftovers_of_a_killed_registrar_then_they_are_removed() throws Exception {
    Files.writeString(folder.resolve(".test.csi4j.io-reg.sock.beef"), "");
    try (var registrar = start()) {
      await().until(() -> Files.exists(socket()));

      assertThat(folder.toFile().list())
          .containsExactlyInAnyOrder("csi.sock", socket().getFileName().toString());
      assertThat(registrar.ended()).isFalse();
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

  private Running start(String... more) {
    var args = new ArrayList<>(List.of(more));
    args.add("--csi-address=" + folder.resolve("csi.sock"));
    args.add("--kubelet-registration-path=/var/lib/kubelet/plugins/test/csi.sock");
    args.add("--plugin-registration-path=" + folder);
    args.add("--timeout=10s");
    return new Running(Registrar.of(Flags.parse(args), time));
  }

  private Object inode() throws IOException {
    return Files.getAttribute(socket(), "unix:ino");
  }

  private HttpResponse<String> get(String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path))).build(),
        BodyHandlers.ofString());
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
