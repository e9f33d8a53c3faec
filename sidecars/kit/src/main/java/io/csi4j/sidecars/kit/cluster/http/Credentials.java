package io.csi4j.sidecars.kit.cluster.http;

import io.fabric8.kubernetes.client.RequestConfig;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Who we are, in headers; which they are, and when a token is due for another, is fabric8's. */
final class Credentials {
  private static final HttpRequest ANY =
      new StandardHttpRequest(Map.of(), URI.create("/"), "GET", null);

  private final List<Interceptor> interceptors;
  private final Interceptor.RequestTags tags;

  Credentials(List<Interceptor> interceptors, RequestConfig impersonation) {
    this.interceptors = List.copyOf(interceptors);
    this.tags =
        new Interceptor.RequestTags() {
          @Override
          public <T> @Nullable T getTag(Class<T> type) {
            return type.isInstance(impersonation) ? type.cast(impersonation) : null;
          }
        };
  }

  /** Header lines for one request. */
  String headers() {
    if (interceptors.isEmpty()) {
      return "";
    }
    var headers = new Headers();
    interceptors.forEach(each -> each.before(headers, ANY, tags));
    return headers.lines();
  }

  /** Header lines for a second try after the server did not know us; empty where there are none. */
  Optional<String> renewed(int code) {
    var headers = new Headers();
    interceptors.forEach(each -> each.before(headers, ANY, tags));
    var other = false;
    for (var each : interceptors) {
      try {
        other |= each.afterFailure(headers, new Refusal(code), tags).join();
      } catch (CompletionException _) {
        // No other token is to be had; the refusal stands.
      }
    }
    return other ? Optional.of(headers.lines()) : Optional.empty();
  }

  /** Collects what interceptors add to a request. */
  private static final class Headers implements BasicBuilder {
    private final Map<String, String> lines = new LinkedHashMap<>();

    String lines() {
      var text = new StringBuilder();
      lines.forEach((name, line) -> text.append(line));
      return text.toString();
    }

    @Override
    public BasicBuilder uri(URI uri) {
      throw new UnsupportedOperationException("credentials change no address");
    }

    @Override
    public BasicBuilder header(String name, String value) {
      lines.merge(name, line(name, value), String::concat);
      return this;
    }

    @Override
    public BasicBuilder setHeader(String name, String value) {
      lines.put(name, line(name, value));
      return this;
    }

    /** A value with a line's end in it would be a second header, or a second request. */
    private static String line(String name, String value) {
      if (value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0) {
        throw new IllegalArgumentException(name + ": has a line's end in it");
      }
      return name + ": " + value + "\r\n";
    }
  }

  private record Refusal(int code) implements HttpResponse<String> {
    @Override
    public String body() {
      return "";
    }

    @Override
    public HttpRequest request() {
      return ANY;
    }

    @Override
    public Optional<HttpResponse<?>> previousResponse() {
      return Optional.empty();
    }

    @Override
    public List<String> headers(String key) {
      return List.of();
    }

    @Override
    public Map<String, List<String>> headers() {
      return Map.of();
    }
  }
}
