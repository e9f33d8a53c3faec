package io.csi4j.sidecars.kit.cluster.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What may stand between us and the server: certificates and proxies. */
@Timeout(60)
class DialerTest {
  private static final Request GET = new Request("GET", "/x", "", "");
  private static final String PASSWORD = "changeit";

  /** Of a server that is called api.example, and by no address. */
  @TempDir static Path folder;

  @BeforeAll
  static void makesCertificate() throws Exception {
    keytool("-genkeypair", "-keyalg", "EC", "-dname", "CN=x", "-ext", "san=dns:api.example");
    keytool("-exportcert", "-rfc", "-file", folder.resolve("cert.pem").toString());
  }

  private static void keytool(String... args) throws Exception {
    var line = new java.util.ArrayList<String>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    line.addAll(List.of(args));
    line.addAll(List.of("-alias", "a", "-storepass", PASSWORD, "-keystore"));
    line.add(folder.resolve("keys.p12").toString());
    var keytool =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor()).as(Files.readString(folder.resolve("keytool.log"))).isZero();
  }

  @Test
  void given_a_server_of_another_name_then_it_is_not_trusted() throws Exception {
    try (var peer = secured();
        var http = transport(trusting(peer))) {
      assertThatThrownBy(() -> HttpTransportTest.text(http, GET))
          .isInstanceOf(SSLHandshakeException.class);
      assertThat(peer.requests).isEmpty();
    }
  }

  @Test
  void given_the_name_that_the_server_is_known_by_then_it_is_trusted() throws Exception {
    try (var peer = secured();
        var http = transport(trusting(peer).withTlsServerName("api.example"))) {
      assertThat(HttpTransportTest.text(http, GET)).isEqualTo("ok");
    }
  }

  @Test
  void given_an_unknown_authority_then_the_server_is_not_trusted() throws Exception {
    try (var peer = secured();
        var http = transport(at(peer).withTlsServerName("api.example"))) {
      assertThatThrownBy(() -> HttpTransportTest.text(http, GET))
          .isInstanceOf(SSLHandshakeException.class);
    }
  }

  @Test
  void given_the_user_trusts_everybody_then_so_do_we() throws Exception {
    try (var peer = secured();
        var http = transport(at(peer).withTrustCerts(true))) {
      assertThat(HttpTransportTest.text(http, GET)).isEqualTo("ok");
    }
  }

  @Test
  void given_a_proxy_then_tls_goes_through_a_tunnel() throws Exception {
    try (var peer = secured();
        var proxy = new ScriptedPeer(talk -> tunnel(talk, peer.port()));
        var http = transport(through(proxy, peer))) {
      assertThat(HttpTransportTest.text(http, GET)).isEqualTo("ok");
      assertThat(proxy.requests.getFirst())
          .startsWith("CONNECT 127.0.0.1:%d HTTP/1.1\n".formatted(peer.port()))
          .contains("Proxy-Authorization: Basic dTpw\n");
      assertThat(peer.requests.getFirst())
          .startsWith("GET /x HTTP/1.1\n")
          .doesNotContain("Proxy-Authorization");
    }
  }

  @Test
  void given_a_proxy_that_refuses_then_it_says_so() throws Exception {
    var refused = "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n";
    try (var peer = secured();
        var proxy = new ScriptedPeer(ScriptedPeer.always(refused));
        var http = transport(through(proxy, peer))) {
      assertThatThrownBy(() -> HttpTransportTest.text(http, GET))
          .hasMessageContaining("the proxy does not connect to 127.0.0.1:")
          .hasMessageContaining("407");
    }
  }

  @Test
  void given_a_server_that_needs_no_proxy_then_none_is_asked() throws Exception {
    try (var peer = secured();
        var proxy = new ScriptedPeer(ScriptedPeer.always(""));
        var http = transport(through(proxy, peer).withNoProxy("127.0.0.1"))) {
      assertThat(HttpTransportTest.text(http, GET)).isEqualTo("ok");
      assertThat(proxy.connections).hasValue(0);
    }
  }

  /** Without TLS the proxy must see where a request is to go. */
  @Test
  void given_a_proxy_and_no_tls_then_the_proxy_is_told_the_whole_address() throws Exception {
    try (var proxy = new ScriptedPeer(ScriptedPeer.always(ScriptedPeer.OK));
        var http =
            transport(
                new ConfigBuilder(Config.empty())
                    .withMasterUrl("http://api.example:8080/prefix")
                    .withHttpProxy("http://127.0.0.1:" + proxy.port()))) {
      assertThat(HttpTransportTest.text(http, GET)).isEqualTo("ok");
      assertThat(proxy.requests.getFirst())
          .startsWith("GET http://api.example:8080/prefix/x HTTP/1.1\n")
          .contains("Host: api.example:8080\n");
    }
  }

  @Test
  void given_a_socks_proxy_then_it_finds_the_server_by_its_name() throws Exception {
    var asked = new AtomicReference<>("");
    ScriptedPeer.Script socks =
        talk -> {
          asked.set(socksGreeting(talk));
          ScriptedPeer.always(ScriptedPeer.OK).play(talk);
        };
    try (var proxy = new ScriptedPeer(socks);
        var http =
            transport(
                new ConfigBuilder(Config.empty())
                    .withMasterUrl("http://api.example:8080")
                    .withHttpProxy("socks5://127.0.0.1:" + proxy.port()))) {
      assertThat(HttpTransportTest.text(http, GET)).isEqualTo("ok");
      assertThat(asked).hasValue("api.example");
    }
  }

  /** A handshake takes longer than a request: who waits for one takes what another has ended. */
  @Test
  void given_many_requests_at_once_then_they_share_connections_and_do_not_make_one_each()
      throws Exception {
    var others = new CountDownLatch(1);
    ScriptedPeer.Script firstIsFast =
        talk -> {
          if (talk.number > 1) {
            others.await();
          }
          socksGreeting(talk);
          ScriptedPeer.always(ScriptedPeer.OK).play(talk);
        };
    var many = 20;
    var done = new CountDownLatch(many);
    try (var proxy = new ScriptedPeer(firstIsFast);
        var http =
            transport(
                new ConfigBuilder(Config.empty())
                    .withMasterUrl("http://api.example:8080")
                    .withHttpProxy("socks5://127.0.0.1:" + proxy.port()))) {
      for (var i = 0; i < many; i++) {
        Thread.ofVirtual()
            .start(
                () -> {
                  assertThatCode(() -> HttpTransportTest.text(http, GET))
                      .doesNotThrowAnyException();
                  done.countDown();
                });
      }
      await().until(() -> done.getCount() <= Connections.DIALS_MAX);
      assertThat(proxy.connections).hasValueLessThanOrEqualTo(1 + Connections.DIALS_MAX);
      others.countDown();
      done.await();
    }
  }

  /** RFC 1928, as far as one name needs it. */
  private static String socksGreeting(ScriptedPeer.Talk talk) throws IOException {
    var in = talk.socket().getInputStream();
    var out = talk.socket().getOutputStream();
    in.readNBytes(1);
    in.readNBytes(in.read());
    out.write(new byte[] {5, 0});
    in.readNBytes(4);
    var name = new String(in.readNBytes(in.read()), StandardCharsets.US_ASCII);
    in.readNBytes(2);
    out.write(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
    return name;
  }

  private static void tunnel(ScriptedPeer.Talk talk, int port) throws IOException {
    talk.request();
    try (var to = new Socket(InetAddress.getLoopbackAddress(), port)) {
      talk.say("HTTP/1.1 200 Connection established\r\n\r\n");
      Thread.ofVirtual().start(() -> pump(to, talk.socket()));
      talk.socket().getInputStream().transferTo(to.getOutputStream());
    }
  }

  private static void pump(Socket from, Socket to) {
    try (InputStream in = from.getInputStream()) {
      in.transferTo(to.getOutputStream());
    } catch (IOException _) {
      // One side has gone.
    }
  }

  private static ScriptedPeer secured() throws Exception {
    var keys = KeyStore.getInstance(folder.resolve("keys.p12").toFile(), PASSWORD.toCharArray());
    var managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(keys, PASSWORD.toCharArray());
    var tls = SSLContext.getInstance("TLS");
    tls.init(managers.getKeyManagers(), null, null);
    ServerSocket listening =
        tls.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    return new ScriptedPeer(listening, ScriptedPeer.always(ScriptedPeer.OK));
  }

  private static ConfigBuilder at(ScriptedPeer peer) {
    return new ConfigBuilder(Config.empty()).withMasterUrl("https://127.0.0.1:" + peer.port());
  }

  private static ConfigBuilder trusting(ScriptedPeer peer) throws IOException {
    var certificate = Files.readAllBytes(folder.resolve("cert.pem"));
    return at(peer).withCaCertData(Base64.getEncoder().encodeToString(certificate));
  }

  private static ConfigBuilder through(ScriptedPeer proxy, ScriptedPeer peer) throws IOException {
    return trusting(peer)
        .withTlsServerName("api.example")
        .withHttpsProxy("http://127.0.0.1:" + proxy.port())
        .withProxyUsername("u")
        .withProxyPassword("p");
  }

  private static HttpTransport transport(ConfigBuilder config) {
    return new HttpTransport(
        config.withConnectionTimeout((int) Duration.ofSeconds(5).toMillis()).build(), "test");
  }
}
