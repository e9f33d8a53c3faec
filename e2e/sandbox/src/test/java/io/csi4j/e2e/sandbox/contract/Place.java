package io.csi4j.e2e.sandbox.contract;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.csi4j.e2e.sandbox.contract.Caller.Reply;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A namespace of a test's own, and short words for what is done there: a test's field, with
 * {@code @RegisterExtension}.
 */
final class Place implements BeforeEachCallback, AfterEachCallback, AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final String RUN = Long.toString(System.nanoTime(), Character.MAX_RADIX);

  final Caller caller;
  final String name;

  /** Opened before each test, and closed after it. */
  Place(ServerUnderTest server) {
    this.caller = new Caller(server.kubeconfig());
    this.name = unique("place");
  }

  /** One more, which the test itself closes. */
  static Place open(ServerUnderTest server) throws IOException {
    var place = new Place(server);
    place.open();
    return place;
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    open();
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    close();
  }

  private void open() throws IOException {
    var made =
        caller.post(
            "/api/v1/namespaces",
            "{\"kind\":\"Namespace\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"%s\"}}"
                .formatted(name));
    if (made.code() != 201) {
      throw new AssertionError("no namespace: " + made);
    }
  }

  /** A name that no other test has, for objects without a namespace. */
  static String unique(String prefix) {
    return "%s-%s-%d".formatted(prefix, RUN, COUNT.incrementAndGet());
  }

  /** The path of a collection of the core group in this namespace. */
  String core(String plural) {
    return "/api/v1/namespaces/%s/%s".formatted(name, plural);
  }

  String configMaps() {
    return core("configmaps");
  }

  String configMap(String object) {
    return core("configmaps/" + object);
  }

  Reply newConfigMap(String object) throws IOException {
    return newConfigMap(object, "");
  }

  /**
   * @param more members of metadata, beginning with a comma
   */
  Reply newConfigMap(String object, String more) throws IOException {
    return created(
        configMaps(),
        """
        {"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"%s"%s},"data":{"a":"1"}}"""
            .formatted(object, more));
  }

  Reply created(String path, String body) throws IOException {
    var reply = caller.post(path, body);
    if (reply.code() != 201) {
      throw new AssertionError("POST %s: %s".formatted(path, reply));
    }
    return reply;
  }

  static String claim(String object) {
    return """
        {"kind":"PersistentVolumeClaim","apiVersion":"v1","metadata":{"name":"%s"},
         "spec":{"accessModes":["ReadWriteOnce"],"storageClassName":"none-such","resources":{"requests":{"storage":"1Gi"}}}}"""
        .formatted(object);
  }

  static String volume(String object) {
    return """
        {"kind":"PersistentVolume","apiVersion":"v1","metadata":{"name":"%s"},
         "spec":{"accessModes":["ReadWriteOnce"],"capacity":{"storage":"1Gi"},"storageClassName":"none-such",
                 "csi":{"driver":"x.csi4j.io","volumeHandle":"h-1"}}}"""
        .formatted(object);
  }

  static long version(Reply reply) {
    return Long.parseLong(reply.text("/metadata/resourceVersion"));
  }

  static String version(JsonNode object) {
    return object.at("/metadata/resourceVersion").asText();
  }

  /** What controllers do, they do in their own time. */
  static void eventually(String what, Callable<Boolean> condition) {
    await(what).atMost(ofSeconds(30)).pollInterval(ofMillis(20)).until(condition);
  }

  @Override
  public void close() throws IOException {
    caller.delete("/api/v1/namespaces/" + name);
    caller.close();
  }
}
