package io.csi4j.sidecars.kit.cluster;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.sidecars.kit.cluster.http.Answer;
import io.csi4j.sidecars.kit.cluster.http.HttpTransport;
import io.csi4j.sidecars.kit.cluster.http.Request;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Resource;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** The API server's language: what URL a kind has, and what an answer means. */
final class ApiServer implements AutoCloseable {
  private static final JsonFactory JSON = new JsonFactory();
  private static final ObjectMapper TREES = new ObjectMapper();
  private static final int STATUS_BYTES_MAX = 64 * 1024;

  /**
   * Added to the server's own time limit before we stop waiting for an answer that should have
   * come.
   */
  private static final Duration WATCH_GRACE = Duration.ofSeconds(30);

  private final HttpTransport http;
  private final Duration timeout;
  private final Turn turn;
  private final boolean ownsHttp;

  ApiServer(Config config, String userAgent, Duration timeout, Turn turn) {
    this.http = new HttpTransport(config, userAgent);
    this.timeout = timeout;
    this.turn = turn;
    this.ownsHttp = true;
  }

  private ApiServer(ApiServer other, Turn turn) {
    this.http = other.http;
    this.timeout = other.timeout;
    this.turn = turn;
    this.ownsHttp = false;
  }

  /** The same connections with another turn, as long as this one is open. */
  ApiServer with(UnaryOperator<Turn> other) {
    return new ApiServer(this, other.apply(turn));
  }

  /** One request with one JSON object as its answer. */
  <T extends Resource> T call(Call call, Kind<T> kind) {
    var body = send(call);
    try (var json = JSON.createParser(body)) {
      json.nextToken();
      return kind.reader().read(json);
    } catch (IOException e) {
      throw unreadable(call, e);
    }
  }

  /** The whole object, for the rare write that must send it back. */
  ObjectNode tree(Call call) {
    var body = send(call);
    try {
      return (ObjectNode) TREES.readTree(body);
    } catch (IOException e) {
      throw unreadable(call, e);
    }
  }

  /** Deletion answers with the object or with a status, and neither is of interest. */
  void delete(Call call) {
    send(call);
  }

  private byte[] send(Call call) {
    return turn.take(
        call.what(),
        () -> {
          if (call.isWrite()) {
            turn.admit(call.what());
          }
          try (var answer = ask(call, timeout)) {
            return answer.body().readAllBytes();
          } catch (IOException e) {
            throw unreachable(call.what(), e);
          }
        });
  }

  private static ApiFailure unreadable(Call call, IOException cause) {
    return new ApiFailure.Unreachable(
        "%s: the answer cannot be read: %s".formatted(call.what(), cause.getMessage()), cause);
  }

  /**
   * A request whose answer is read while it comes; the caller closes it. A parser on it waits for
   * the first bytes when it is made, so who wants to end the waiting must hold the stream.
   */
  InputStream stream(String what, String pathAndQuery, Duration serverLimit) {
    var call = Call.get(what, pathAndQuery);
    turn.pace(what);
    return ask(call, serverLimit.plus(WATCH_GRACE)).body();
  }

  static JsonParser parser(InputStream stream) throws IOException {
    return JSON.createParser(stream);
  }

  static String path(Kind<?> kind) {
    return (kind.group().isEmpty() ? "/api/" + kind.version() : "/apis/" + kind.apiVersion())
        + "/"
        + kind.plural();
  }

  /** Where that part of a kind's objects is listed and watched that the kind speaks of. */
  static String part(Kind<?> kind) {
    var namespace = kind.part().namespace();
    return namespace.isEmpty() ? path(kind) : collection(kind, namespace);
  }

  /** The query, with the kind's selectors where it has some. */
  static String selected(Kind<?> kind, String query) {
    var part = kind.part();
    var labels = part.labels().isEmpty() ? "" : "&labelSelector=" + encoded(part.labels());
    var name = part.isOne() ? "&fieldSelector=" + encoded("metadata.name=" + part.name()) : "";
    return query + labels + name;
  }

  static String path(Kind<?> kind, ObjectKey key) {
    return collection(kind, key.namespace()) + "/" + encoded(key.name());
  }

  static String collection(Kind<?> kind, String namespace) {
    if (kind.scope() == Kind.Scope.CLUSTER) {
      return path(kind);
    }
    var root = kind.group().isEmpty() ? "/api/" + kind.version() : "/apis/" + kind.apiVersion();
    return root + "/namespaces/" + encoded(namespace) + "/" + kind.plural();
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** An answer that is a success; all others are thrown. */
  private Answer ask(Call call, Duration limit) {
    try {
      var answer = http.ask(call.request(), limit);
      if (answer.isSuccessful()) {
        return answer;
      }
      try (answer) {
        throw failure(call.what(), answer);
      }
    } catch (IOException e) {
      throw unreachable(call.what(), e);
    }
  }

  private static ApiFailure unreachable(String what, IOException cause) {
    var why = Thread.currentThread().isInterrupted() ? "interrupted" : cause;
    return new ApiFailure.Unreachable(what + ": " + why, cause);
  }

  private static ApiFailure failure(String what, Answer answer) {
    var status = Status.read(answer.body());
    var text = status.message().isEmpty() ? "HTTP " + answer.code() : status.message();
    var message = what + ": " + text;
    return switch (answer.code()) {
      case 404 -> new ApiFailure.NotFound(message);
      case 409 ->
          status.reason().equals("AlreadyExists")
              ? new ApiFailure.AlreadyExists(message)
              : new ApiFailure.Conflict(message);
      case 410 -> new ApiFailure.Gone(message);
      case 401, 403 -> new ApiFailure.Forbidden(message);
      case 400, 405, 415, 422 -> new ApiFailure.Invalid(message);
      case 429 -> new ApiFailure.Throttled(message, retryAfter(answer));
      default -> new ApiFailure.Unreachable(message, null);
    };
  }

  private static Duration retryAfter(Answer answer) {
    if (answer.retryAfter().matches("\\d{1,6}")) {
      return Duration.ofSeconds(Long.parseLong(answer.retryAfter()));
    }
    return Duration.ofSeconds(1);
  }

  @Override
  public void close() {
    if (ownsHttp) {
      http.close();
    }
  }

  /** One request, with the words that a failure begins with. */
  record Call(String what, String method, String pathAndQuery, String contentType, String body) {
    static Call get(String what, String pathAndQuery) {
      return new Call(what, "GET", pathAndQuery, "", "");
    }

    boolean isWrite() {
      return !method.equals("GET");
    }

    Request request() {
      return new Request(method, pathAndQuery, contentType, body);
    }
  }

  /** The API server's own account of a failure. */
  record Status(String reason, String message) {

    static Status read(InputStream body) {
      try {
        var bytes = body.readNBytes(STATUS_BYTES_MAX);
        try (var json = JSON.createParser(bytes)) {
          json.nextToken();
          return read(json);
        }
      } catch (IOException _) {
        // Something between us and the server answered with words of its own; the code says enough.
        return new Status("", "");
      }
    }

    static Status read(JsonParser json) throws IOException {
      var parts = new String[] {"", ""};
      Fields.each(
          json,
          field -> {
            switch (field) {
              case "reason" -> parts[0] = Fields.text(json);
              case "message" -> parts[1] = Fields.text(json);
              default -> {}
            }
          });
      return new Status(parts[0], parts[1]);
    }
  }
}
