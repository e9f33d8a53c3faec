package io.csi4j.sidecars.kit.health;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.csi4j.sidecars.kit.component.Component.Fatal;
import io.csi4j.sidecars.kit.doors.Time;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A small HTTP server: some paths, each with an answer that is made when it is asked for. */
public final class HttpEndpoint implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpEndpoint.class);
  private static final int BACKLOG = 128;

  private final HttpServer server;

  private HttpEndpoint(HttpServer server) {
    this.server = server;
  }

  /** What a path answers. */
  public record Answer(int status, String contentType, String body) {
    public static Answer text(int status, String body) {
      return new Answer(status, "text/plain; charset=utf-8", body);
    }
  }

  /**
   * Listens; paths that are not among the routes answer 404. Throws {@link Fatal} where the address
   * cannot be had.
   */
  public static HttpEndpoint start(
      ListenAddress address, Map<String, Supplier<Answer>> routes, Time time) {
    try {
      var server = HttpServer.create(address.socket(), BACKLOG);
      server.setExecutor(command -> time.spawn("http", command));
      server.createContext("/", exchange -> reply(exchange, routes));
      server.start();
      return new HttpEndpoint(server);
    } catch (IOException e) {
      throw new Fatal("cannot listen on %s: %s".formatted(address, e.getMessage()));
    }
  }

  /** Where it listens, with the port that was chosen where none was given. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  private static void reply(HttpExchange exchange, Map<String, Supplier<Answer>> routes)
      throws IOException {
    try (exchange) {
      var route = routes.get(exchange.getRequestURI().getPath());
      var answer = route == null ? Answer.text(404, "404 page not found") : answer(exchange, route);
      var body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", answer.contentType());
      var headOnly = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(
          answer.status(), headOnly || body.length == 0 ? -1 : body.length);
      if (!headOnly) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  /** The outermost frame of a request's thread: a bug in a route is no reason to hang up. */
  private static Answer answer(HttpExchange exchange, Supplier<Answer> route) {
    try {
      return route.get();
    } catch (RuntimeException e) {
      log.atError()
          .setCause(e)
          .addKeyValue("path", exchange.getRequestURI().getPath())
          .log("an HTTP request failed");
      return Answer.text(500, "internal error: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
