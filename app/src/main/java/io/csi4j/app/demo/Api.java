package io.csi4j.app.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.sidecars.kit.cluster.KubeConfig;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The API server, as the user of the story talks to it: JSON in and out, in one namespace. */
final class Api implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int NOT_FOUND = 404;
  private static final long LIMIT_SECONDS = 10;
  private static final String MERGE_PATCH = "application/merge-patch+json";

  private final HttpClient http;
  private final String server;
  private final String namespace;

  private Api(HttpClient http, String server, String namespace) {
    this.http = http;
    this.server = server;
    this.namespace = namespace;
  }

  static Api of(String kubeconfig, String namespace) {
    var config = KubeConfig.load(kubeconfig);
    config.setRequestRetryBackoffLimit(0);
    var http = new JdkHttpClientFactory().newBuilder(config).build();
    return new Api(http, config.getMasterUrl().replaceAll("/+$", ""), namespace);
  }

  String server() {
    return server;
  }

  String namespace() {
    return namespace;
  }

  Optional<JsonNode> find(Thing thing, String name) {
    try {
      return Optional.of(tree(send("GET", thing.path(namespace) + "/" + name, "", "")));
    } catch (Refused refused) {
      if (refused.code() == NOT_FOUND) {
        return Optional.empty();
      }
      throw refused;
    }
  }

  List<JsonNode> all(Thing thing) {
    var items = tree(send("GET", thing.path(namespace), "", "")).path("items");
    return StreamSupport.stream(items.spliterator(), false).toList();
  }

  JsonNode create(Thing thing, String json) {
    return tree(send("POST", thing.path(namespace), "application/json", json));
  }

  JsonNode patch(Thing thing, String name, String json) {
    return tree(send("PATCH", thing.path(namespace) + "/" + name, MERGE_PATCH, json));
  }

  /** Gone already is fine. */
  void delete(Thing thing, String name, int graceSeconds) {
    var options =
        "{\"kind\":\"DeleteOptions\",\"apiVersion\":\"v1\",\"gracePeriodSeconds\":%d}"
            .formatted(graceSeconds);
    try {
      send("DELETE", thing.path(namespace) + "/" + name, "application/json", options);
    } catch (Refused refused) {
      if (refused.code() != NOT_FOUND) {
        throw refused;
      }
    }
  }

  /** What a pod's only container has printed. */
  String log(String pod) {
    return send("GET", Thing.POD.path(namespace) + "/" + pod + "/log", "", "");
  }

  /** Whether the server answers at all, in words where it does not. */
  Optional<String> trouble() {
    try {
      send("GET", "/version", "", "");
      return Optional.empty();
    } catch (Refused refused) {
      return Optional.of(String.valueOf(refused.getMessage()));
    }
  }

  private String send(String method, String path, String contentType, String body) {
    var builder = http.newHttpRequestBuilder().uri(server + path);
    builder.header("User-Agent", "csi4j-demo");
    builder.timeout(LIMIT_SECONDS, TimeUnit.SECONDS);
    if (!method.equals("GET")) {
      builder.method(method, contentType, body);
    }
    try {
      var response = http.sendAsync(builder.build(), byte[].class).get();
      var text = new String(response.body(), StandardCharsets.UTF_8);
      if (response.isSuccessful()) {
        return text;
      }
      throw new Refused(response.code(), "%s %s: %s".formatted(method, path, message(text)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refused(0, "interrupted");
    } catch (ExecutionException e) {
      throw new Refused(0, "%s %s: %s".formatted(method, server + path, e.getCause()));
    }
  }

  private static String message(String answer) {
    try {
      return JSON.readTree(answer).path("message").asText(answer);
    } catch (JsonProcessingException _) {
      return answer;
    }
  }

  private static JsonNode tree(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** For texts that are part of this program. */
  static ObjectNode object(String text) {
    return (ObjectNode) tree(text);
  }

  /** A new member of what is known to be an object. */
  static ObjectNode object(JsonNode parent, String name) {
    return ((ObjectNode) parent).putObject(name);
  }

  static ArrayNode list(JsonNode parent, String name) {
    return ((ObjectNode) parent).putArray(name);
  }

  static Stream<JsonNode> items(JsonNode node, String... path) {
    var at = node;
    for (var name : path) {
      at = at.path(name);
    }
    return StreamSupport.stream(at.spliterator(), false);
  }

  @Override
  public void close() {
    http.close();
  }

  /** The server said no, or nothing: then the code is 0. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;

    Refused(int code, String message) {
      super(message);
      this.code = code;
    }

    int code() {
      return code;
    }
  }
}
