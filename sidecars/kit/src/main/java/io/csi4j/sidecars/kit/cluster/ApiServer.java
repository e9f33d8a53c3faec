package io.csi4j.sidecars.kit.cluster;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Resource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.TokenRefreshInterceptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * HTTP to the API server: what URL a kind has, and what an answer means. Credentials, TLS and token
 * rotation are fabric8's; its retries are off, because they would also repeat writes that are not
 * safe to repeat.
 */
final class ApiServer implements AutoCloseable {
  private static final JsonFactory JSON = new JsonFactory();
  private static final ObjectMapper TREES = new ObjectMapper();
  private static final int STATUS_BYTES_MAX = 64 * 1024;

  /**
   * Added to the server's own time limit before we stop waiting for an answer that should have
   * come.
   */
  private static final Duration WATCH_GRACE = Duration.ofSeconds(30);

  private final HttpClient http;
  private final String base;
  private final String userAgent;
  private final Duration timeout;
  private final Turn turn;
  private final boolean ownsHttp;

  ApiServer(Config config, String userAgent, Duration timeout, Turn turn) {
    config.setRequestRetryBackoffLimit(0);
    this.http = client(config);
    this.base = config.getMasterUrl().replaceAll("/+$", "");
    this.userAgent = userAgent;
    this.timeout = timeout;
    this.turn = turn;
    this.ownsHttp = true;
  }

  private static HttpClient client(Config config) {
    var builder = new JdkHttpClientFactory().newBuilder(config);
    if (hasNoToken(config)) {
      // It would look for one by parsing the whole kubeconfig before each request.
      builder.addOrReplaceInterceptor(TokenRefreshInterceptor.NAME, null);
    }
    return builder.build();
  }

  /** Who has a certificate, or nothing at all, has no token that could grow old. */
  private static boolean hasNoToken(Config config) {
    return config.getOauthTokenProvider() == null
        && config.getOauthToken() == null
        && config.getAutoOAuthToken() == null
        && config.getAuthProvider() == null
        && config.getUsername() == null;
  }

  private ApiServer(ApiServer other, Turn turn) {
    this.http = other.http;
    this.base = other.base;
    this.userAgent = other.userAgent;
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
    var response = turn.take(call.what(), () -> ask(call, timeout, byte[].class));
    if (!response.isSuccessful()) {
      throw failure(call.what(), response, new ByteArrayInputStream(response.body()));
    }
    return response.body();
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
    var response = ask(call, serverLimit.plus(WATCH_GRACE), InputStream.class);
    if (!response.isSuccessful()) {
      throw failure(what, response, response.body());
    }
    return response.body();
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

  private HttpRequest request(Call call, Duration limit) {
    var builder = http.newHttpRequestBuilder().uri(base + call.pathAndQuery());
    builder.header("User-Agent", userAgent);
    builder.header("Accept", "application/json");
    builder.timeout(limit.toMillis(), TimeUnit.MILLISECONDS);
    if (!call.method().equals("GET")) {
      builder.method(call.method(), call.contentType(), call.body());
    }
    return builder.build();
  }

  private <T> HttpResponse<T> ask(Call call, Duration limit, Class<T> as) {
    try {
      return await(call.what(), http.sendAsync(request(call, limit), as));
    } catch (RejectedExecutionException | IllegalStateException e) {
      throw new ApiFailure.Unreachable(call.what() + ": the client is closed", e);
    }
  }

  private static <T> HttpResponse<T> await(String what, Future<HttpResponse<T>> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      future.cancel(true);
      Thread.currentThread().interrupt();
      throw new ApiFailure.Unreachable(what + ": interrupted", e);
    } catch (ExecutionException e) {
      var cause = e.getCause() == null ? e : e.getCause();
      throw new ApiFailure.Unreachable(what + ": " + cause, cause);
    }
  }

  private static ApiFailure failure(String what, HttpResponse<?> response, InputStream body) {
    var status = Status.read(body);
    var text = status.message().isEmpty() ? "HTTP " + response.code() : status.message();
    var message = what + ": " + text;
    return switch (response.code()) {
      case 404 -> new ApiFailure.NotFound(message);
      case 409 ->
          status.reason().equals("AlreadyExists")
              ? new ApiFailure.AlreadyExists(message)
              : new ApiFailure.Conflict(message);
      case 410 -> new ApiFailure.Gone(message);
      case 401, 403 -> new ApiFailure.Forbidden(message);
      case 400, 405, 415, 422 -> new ApiFailure.Invalid(message);
      case 429 -> new ApiFailure.Throttled(message, retryAfter(response));
      default -> new ApiFailure.Unreachable(message, null);
    };
  }

  private static Duration retryAfter(HttpResponse<?> response) {
    var header = response.header("Retry-After");
    if (header != null && header.matches("\\d{1,6}")) {
      return Duration.ofSeconds(Long.parseLong(header));
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
  }

  /** The API server's own account of a failure. */
  record Status(String reason, String message) {

    static Status read(InputStream body) {
      try (body) {
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
