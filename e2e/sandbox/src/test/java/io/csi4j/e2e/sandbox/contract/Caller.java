package io.csi4j.e2e.sandbox.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Plain requests to an API server: what comes back is not interpreted. */
public final class Caller implements AutoCloseable {
  static final String JSON = "application/json";
  static final String JSON_PATCH = "application/json-patch+json";
  static final String MERGE_PATCH = "application/merge-patch+json";
  static final String STRATEGIC_PATCH = "application/strategic-merge-patch+json";
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final long LIMIT_SECONDS = 30;

  private final String kubeconfig;
  private final HttpClient http;
  private final String base;
  private final String token;

  public Caller(String kubeconfig) {
    this(kubeconfig, "");
  }

  private Caller(String kubeconfig, String token) {
    var config = Config.fromKubeconfig(kubeconfig);
    config.setRequestRetryBackoffLimit(0);
    if (!token.isEmpty()) {
      config.setClientCertData(null);
      config.setClientKeyData(null);
      config.setOauthToken(null);
      config.setAutoOAuthToken(null);
    }
    this.kubeconfig = kubeconfig;
    this.token = token;
    this.http = new JdkHttpClientFactory().newBuilder(config).build();
    this.base = config.getMasterUrl().replaceAll("/+$", "");
  }

  /** The same server, asked with this token and no other credentials. */
  Caller as(String otherToken) {
    return new Caller(kubeconfig, otherToken);
  }

  /** What came back. */
  record Reply(int code, JsonNode body, Map<String, List<String>> headers) {
    String text(String pointer) {
      return body.at(pointer).asText("");
    }

    String message() {
      return text("/message");
    }

    String reason() {
      return text("/reason");
    }
  }

  Reply get(String path) throws IOException {
    return call("GET", path, JSON, "");
  }

  Reply post(String path, String body) throws IOException {
    return call("POST", path, JSON, body);
  }

  Reply put(String path, JsonNode body) throws IOException {
    return call("PUT", path, JSON, body.toString());
  }

  Reply patch(String path, String contentType, String body) throws IOException {
    return call("PATCH", path, contentType, body);
  }

  Reply delete(String path) throws IOException {
    return call("DELETE", path, JSON, "");
  }

  Reply delete(String path, String options) throws IOException {
    return call("DELETE", path, JSON, options);
  }

  Reply call(String method, String path, String contentType, String body) throws IOException {
    return call(method, path, contentType, body, "application/json");
  }

  Reply call(String method, String path, String contentType, String body, String accept)
      throws IOException {
    var request = http.newHttpRequestBuilder().uri(base + path).header("Accept", accept);
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    if (!method.equals("GET")) {
      request.method(method, contentType, body);
    }
    var response = await(request.build(), byte[].class);
    return new Reply(response.code(), tree(response.body()), response.headers());
  }

  private static JsonNode tree(byte[] body) {
    try {
      return body.length == 0 ? MissingNode.getInstance() : MAPPER.readTree(body);
    } catch (IOException _) {
      // Some refusals are plain text.
      return MissingNode.getInstance();
    }
  }

  /** A watch; the path has its query already, without {@code watch}. */
  Events watch(String path) throws IOException {
    var joined = base + path + (path.contains("?") ? "&" : "?") + "watch=true";
    var request = http.newHttpRequestBuilder().uri(joined).header("Accept", JSON);
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    var response = await(request.build(), InputStream.class);
    return new Events(response.code(), response.body());
  }

  private <T> HttpResponse<T> await(HttpRequest request, Class<T> as) throws IOException {
    try {
      return http.sendAsync(request, as).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("%s %s".formatted(request.method(), request.uri()), e);
    }
  }

  static JsonNode json(String text) throws IOException {
    return MAPPER.readTree(text);
  }

  @Override
  public void close() {
    http.close();
  }
}
