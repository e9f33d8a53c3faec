package io.csi4j.e2e.sandbox.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.csi4j.e2e.sandbox.api.Answer;
import io.csi4j.e2e.sandbox.api.Request;
import io.csi4j.e2e.sandbox.clock.Surroundings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * HTTPS on the loopback address: the JDK's server, one virtual thread for each request. It speaks
 * HTTP/1.1 only, which all clients of Kubernetes fall back to.
 */
public final class HttpFront implements AutoCloseable {

  /** As the API server has it by default. */
  private static final int BODY_BYTES_MAX = 3 * 1024 * 1024;

  private static final int UNKNOWN_LENGTH = 0;
  private static final int NO_BODY = -1;

  private final HttpsServer server;
  private final String certificate;
  private final Function<Request, Answer> api;
  private final AtomicLong requests = new AtomicLong();

  static {
    // Else an answer of two packets waits for the client's delayed acknowledgement, and a load of
    // more than 200 connections opens them anew all the time.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.setProperty("sun.net.httpserver.maxIdleConnections", "2000");
  }

  private HttpFront(HttpsServer server, String certificate, Function<Request, Answer> api) {
    this.server = server;
    this.certificate = certificate;
    this.api = api;
  }

  /**
   * Serves at once.
   *
   * @param port 0 for a free one
   */
  public static HttpFront start(int port, Surroundings surroundings, Function<Request, Answer> api)
      throws IOException {
    try {
      var signed = SelfSigned.make();
      var address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
      var server = HttpsServer.create(address, 0);
      server.setHttpsConfigurator(new HttpsConfigurator(signed.context()));
      var front = new HttpFront(server, signed.pem(), api);
      server.setExecutor(
          work -> surroundings.spawn().spawn("sandbox-request-" + front.requests.get(), work));
      server.createContext("/", front::handle);
      server.start();
      return front;
    } catch (GeneralSecurityException e) {
      throw new IOException("could not make a certificate: " + e.getMessage(), e);
    }
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** PEM. */
  public String certificate() {
    return certificate;
  }

  /** Ends all connections. */
  @Override
  public void close() {
    server.stop(0);
  }

  /**
   * A failure to write, on purpose or because the client has gone, is passed on: the JDK's server
   * then cuts the connection, where closing the exchange would end the body as if it were whole.
   */
  private void handle(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    var body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX + 1);
    try {
      answer(
          exchange,
          body.length > BODY_BYTES_MAX
              ? Answer.text(413, "the request is larger than 3 MiB\n")
              : api.apply(request(exchange, body)));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new Answer.CutOff();
    }
    exchange.close();
  }

  private static void answer(HttpExchange exchange, Answer answer)
      throws IOException, InterruptedException {
    switch (answer) {
      case Answer.Whole whole -> whole(exchange, whole);
      case Answer.Streamed(var feed) -> {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, UNKNOWN_LENGTH);
        var out = exchange.getResponseBody();
        out.flush();
        feed.run(
            chunks -> {
              for (var chunk : chunks) {
                out.write(chunk);
              }
              out.flush();
            });
        out.close();
      }
      case Answer.Cut() -> throw new Answer.CutOff();
    }
  }

  private static void whole(HttpExchange exchange, Answer.Whole answer) throws IOException {
    answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
    exchange.sendResponseHeaders(
        answer.code(), answer.body().length == 0 ? NO_BODY : answer.body().length);
    if (answer.body().length > 0) {
      try (var out = exchange.getResponseBody()) {
        out.write(answer.body());
      }
    }
  }

  private static Request request(HttpExchange exchange, byte[] body) {
    var headers = new HashMap<String, String>();
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
    var uri = exchange.getRequestURI();
    return new Request(
        exchange.getRequestMethod(),
        path(uri.getRawPath()),
        query(uri.getRawQuery()),
        headers,
        body);
  }

  private static List<String> path(String raw) {
    return Arrays.stream(raw.split("/", -1))
        .filter(segment -> !segment.isEmpty())
        // In a path a plus is a plus.
        .map(segment -> decoded(segment.replace("+", "%2B")))
        .toList();
  }

  private static Map<String, String> query(@Nullable String raw) {
    var query = new HashMap<String, String>();
    if (raw != null) {
      for (var pair : raw.split("&", -1)) {
        var parts = pair.split("=", 2);
        query.putIfAbsent(decoded(parts[0]), parts.length > 1 ? decoded(parts[1]) : "");
      }
    }
    return query;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
