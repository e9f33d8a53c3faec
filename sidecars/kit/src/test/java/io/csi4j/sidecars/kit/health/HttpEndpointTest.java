package io.csi4j.sidecars.kit.health;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.sidecars.kit.health.HttpEndpoint.Answer;
import io.csi4j.sidecars.kit.time.SystemTime;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpEndpointTest {
  private final SystemTime time = new SystemTime();
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void endsAll() {
    http.close();
    time.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PUT", "DELETE"})
  void given_a_route_then_every_method_is_answered(String method) throws Exception {
    var reply = ask(method, "/healthz", () -> Answer.text(200, "ok"));

    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("ok");
  }

  @Test
  void given_a_path_that_is_no_route_then_404() throws Exception {
    assertThat(ask("GET", "/healthz/more", () -> Answer.text(200, "ok")).statusCode())
        .isEqualTo(404);
  }

  @Test
  void given_a_route_that_fails_then_500_and_why() throws Exception {
    var reply =
        ask(
            "GET",
            "/healthz",
            () -> {
              throw new IllegalStateException("a bug");
            });

    assertThat(reply.statusCode()).isEqualTo(500);
    assertThat(reply.body()).isEqualTo("internal error: a bug");
  }

  @Test
  void given_a_head_request_then_the_length_and_no_body() throws Exception {
    var reply = ask("HEAD", "/healthz?verbose=true", () -> Answer.text(200, "ok"));

    assertThat(reply.headers().firstValue("content-length")).hasValue("2");
    assertThat(reply.body()).isEmpty();
  }

  /** A client that is gone stops what is done for it. */
  @Test
  void given_a_client_that_hangs_up_then_the_making_of_its_answer_is_interrupted()
      throws Exception {
    var begun = new CountDownLatch(1);
    var interrupted = new CountDownLatch(1);
    Supplier<Answer> slow =
        () -> {
          begun.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException _) {
            interrupted.countDown();
          }
          return Answer.text(500, "nobody reads this");
        };
    try (var endpoint = start(slow)) {
      try (var client =
          new Socket(InetAddress.getLoopbackAddress(), endpoint.address().getPort())) {
        client.getOutputStream().write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8));
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
      }

      assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void given_garbage_then_the_connection_is_closed_and_the_next_one_is_served() throws Exception {
    try (var endpoint = start(() -> Answer.text(200, "ok"))) {
      try (var client =
          new Socket(InetAddress.getLoopbackAddress(), endpoint.address().getPort())) {
        client.getOutputStream().write("\0\1\2 nonsense\r\n\r\n".getBytes(UTF_8));
        assertThat(client.getInputStream().read()).isEqualTo(-1);
      }

      assertThat(ask(endpoint, "GET", "/healthz").body()).isEqualTo("ok");
    }
  }

  @Test
  void given_many_questions_on_one_connection_then_each_is_answered() throws Exception {
    try (var endpoint = start(() -> Answer.text(200, "ok"));
        var client = new Socket(InetAddress.getLoopbackAddress(), endpoint.address().getPort())) {
      var in = new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
      for (var i = 0; i < 5; i++) {
        client.getOutputStream().write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8));

        assertThat(in.readLine()).isEqualTo("HTTP/1.1 200 OK");
        var line = in.readLine();
        while (!line.isEmpty()) {
          line = in.readLine();
        }
        assertThat(new char[] {(char) in.read(), (char) in.read()}).containsExactly('o', 'k');
      }
    }
  }

  private HttpEndpoint start(Supplier<Answer> route) {
    return HttpEndpoint.start(ListenAddress.parse("127.0.0.1:0"), Map.of("/healthz", route), time);
  }

  private HttpResponse<String> ask(String method, String path, Supplier<Answer> route)
      throws Exception {
    try (var endpoint = start(route)) {
      return ask(endpoint, method, path);
    }
  }

  private HttpResponse<String> ask(HttpEndpoint endpoint, String method, String path)
      throws Exception {
    var uri = URI.create("http://127.0.0.1:%d%s".formatted(endpoint.address().getPort(), path));
    return http.send(
        HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody()).build(),
        BodyHandlers.ofString());
  }
}
