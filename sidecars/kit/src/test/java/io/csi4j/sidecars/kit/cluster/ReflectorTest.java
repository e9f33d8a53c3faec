package io.csi4j.sidecars.kit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Patch;
import io.csi4j.sidecars.kit.doors.Table;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.time.SystemTime;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an API server may do to a client, by a server that does it on purpose. */
class ReflectorTest {
  private final FastTime time = new FastTime();
  private final ScriptedServer server = new ScriptedServer();
  private ApiCluster cluster;
  private Table<Node> nodes;

  @BeforeEach
  void connects() throws IOException {
    cluster = connected(server.start());
    nodes = cluster.table(Node.KIND);
  }

  private ApiCluster connected(int port) {
    return new ApiCluster(
        new ConfigBuilder(io.fabric8.kubernetes.client.Config.empty())
            .withMasterUrl("http://127.0.0.1:" + port)
            .build(),
        "test",
        time);
  }

  @AfterEach
  void ends() {
    cluster.close();
    server.close();
    time.close();
  }

  @Test
  void given_a_list_in_pages_then_all_pages_are_in_the_table() throws Exception {
    server.lists(page("5", "more", node("a", 1)), page("5", "", node("b", 2)));

    cluster.start();
    cluster.awaitSynced();

    assertThat(names()).containsExactlyInAnyOrder("a", "b");
    assertThat(server.queries.toString()).contains("continue=more");
  }

  @Test
  void given_the_place_is_no_longer_kept_then_it_lists_again() throws Exception {
    server.lists(page("5", "", node("a", 1)), page("9", "", node("b", 8)));
    server.watches(event("ERROR", "{\"kind\":\"Status\",\"code\":410,\"reason\":\"Expired\"}"));

    cluster.start();

    await().untilAsserted(() -> assertThat(names()).containsExactly("b"));
  }

  @Test
  void given_a_watch_that_ends_then_the_next_one_goes_on_where_it_ended() throws Exception {
    server.lists(page("5", "", node("a", 1)));
    server.watches(
        event("ADDED", node("b", 6)) + event("BOOKMARK", node("", 17)),
        event("MODIFIED", node("a", 18)) + event("DELETED", node("b", 19)));

    cluster.start();

    await().untilAsserted(() -> assertThat(names()).containsExactly("a"));
    await().until(() -> server.queries.toString().contains("resourceVersion=19"));
    assertThat(server.queries.toString())
        .contains("resourceVersion=5")
        .contains("resourceVersion=17");
    assertThat(server.queries.stream().filter(query -> query.contains("limit="))).hasSize(1);
  }

  @Test
  void given_a_failing_server_then_it_is_asked_until_it_answers() throws Exception {
    server.fails(500, 500, 429, 503);
    server.lists(page("5", "", node("a", 1)));

    cluster.start();
    cluster.awaitSynced();

    assertThat(names()).containsExactly("a");
  }

  /** In this test's time a second is a millisecond: the 150 s of silence are over at once. */
  @Test
  void given_a_watch_that_says_nothing_any_more_then_it_is_given_up() throws Exception {
    server.lists(page("5", "", node("a", 1)));
    server.watches(ScriptedServer.SILENCE, event("ADDED", node("b", 6)));

    cluster.start();

    await().untilAsserted(() -> assertThat(names()).containsExactlyInAnyOrder("a", "b"));
  }

  /** The right to follow it may come later; until then whoever wants it asks for the object. */
  @Test
  void given_one_object_that_may_not_be_followed_at_first_then_it_alone_is_followed_later()
      throws IOException {
    server.fails(403);
    server.lists(page("5", "", node("a", 1)));
    server.watches(event("MODIFIED", node("a", 6)));

    try (var one = connected(server.start())) {
      var table = one.table(Node.KIND.only(Kind.Part.one(ObjectKey.cluster("a"))));
      one.start();
      await().until(() -> versions(table).equals(List.of("6")));
    }

    assertThat(server.queries)
        .isNotEmpty()
        .allMatch(query -> query.contains("fieldSelector=metadata.name=a"));
  }

  private static List<String> versions(Table<Node> table) {
    return table.all().stream().map(node -> node.meta().resourceVersion()).toList();
  }

  @Test
  void given_the_server_asks_for_patience_then_the_write_says_for_how_long() {
    server.fails(429);

    assertThat(
            org.assertj.core.api.Assertions.catchThrowableOfType(
                    ApiFailure.Throttled.class,
                    () ->
                        cluster.patch(
                            Node.KIND,
                            ObjectKey.cluster("a"),
                            Patch.merge(JsonNodeFactory.instance.objectNode())))
                .after())
        .isEqualTo(Duration.ofSeconds(7));
  }

  private List<String> names() {
    return nodes.all().stream().map(node -> node.meta().name()).toList();
  }

  private static String node(String name, int version) {
    return "{\"metadata\":{\"name\":\"%s\",\"uid\":\"u-%s\",\"resourceVersion\":\"%d\"}}"
        .formatted(name, name, version);
  }

  private static String page(String version, String next, String... items) {
    return "{\"metadata\":{\"resourceVersion\":\"%s\",\"continue\":\"%s\"},\"items\":[%s]}"
        .formatted(version, next, String.join(",", items));
  }

  private static String event(String type, String object) {
    return "{\"type\":\"%s\",\"object\":%s}%n".formatted(type, object);
  }

  /** Real threads, and a clock that runs a thousand times faster. */
  private static final class FastTime implements Time, AutoCloseable {
    private static final int FASTER = 1000;
    private final SystemTime real = new SystemTime();

    @Override
    public Instant now() {
      return real.now();
    }

    @Override
    public long nanos() {
      return real.nanos() * FASTER;
    }

    @Override
    public void sleep(Duration duration) {
      real.sleep(duration.dividedBy(FASTER));
    }

    @Override
    public Timer after(Duration delay, Runnable action) {
      return real.after(delay.dividedBy(FASTER), action);
    }

    @Override
    public void spawn(String name, Runnable body) {
      real.spawn(name, body);
    }

    @Override
    public Signal signal() {
      return real.signal();
    }

    @Override
    public RandomGenerator random() {
      return real.random();
    }

    @Override
    public void close() {
      real.close();
    }
  }

  /** Plays its lists, watches and failures in order; when they are used up, watches stay open. */
  private static final class ScriptedServer {
    static final String SILENCE = "silence";

    final ConcurrentLinkedQueue<String> queries = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Integer> failures = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> lists = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> watches = new ConcurrentLinkedQueue<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<HttpServer> servers = new ArrayList<>();

    int start() throws IOException {
      var http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      http.createContext("/", this::play);
      http.start();
      servers.add(http);
      return http.getAddress().getPort();
    }

    void lists(String... pages) {
      lists.addAll(List.of(pages));
    }

    void watches(String... streams) {
      watches.addAll(List.of(streams));
    }

    void fails(Integer... codes) {
      failures.addAll(List.of(codes));
    }

    void close() {
      end.countDown();
      servers.forEach(each -> each.stop(0));
    }

    private void play(HttpExchange exchange) throws IOException {
      try (exchange) {
        var query = String.valueOf(exchange.getRequestURI().getQuery());
        queries.add(query);
        var failure = failures.poll();
        if (failure != null) {
          exchange.getResponseHeaders().set("Retry-After", "7");
          exchange.sendResponseHeaders(failure, -1);
        } else if (query.contains("watch=true")) {
          watch(exchange);
        } else {
          var body = String.valueOf(lists.poll()).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
        }
      }
    }

    private void watch(HttpExchange exchange) throws IOException {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().flush();
      var stream = watches.poll();
      if (stream == null || stream.equals(SILENCE)) {
        try {
          end.await();
        } catch (InterruptedException _) {
          Thread.currentThread().interrupt();
        }
      } else {
        exchange.getResponseBody().write(stream.getBytes(StandardCharsets.UTF_8));
      }
    }
  }
}
