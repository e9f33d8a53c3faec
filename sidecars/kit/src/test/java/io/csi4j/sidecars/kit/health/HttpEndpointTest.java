package io.csi4j.sidecars.kit.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.sidecars.kit.health.HttpEndpoint.Answer;
import io.csi4j.sidecars.kit.time.SystemTime;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
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

  private HttpResponse<String> ask(String method, String path, Supplier<Answer> route)
      throws Exception {
    var address = ListenAddress.parse("127.0.0.1:0");
    try (var endpoint = HttpEndpoint.start(address, Map.of("/healthz", route), time)) {
      var uri = URI.create("http://127.0.0.1:%d%s".formatted(endpoint.address().getPort(), path));
      return http.send(
          HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody()).build(),
          BodyHandlers.ofString());
    }
  }
}
