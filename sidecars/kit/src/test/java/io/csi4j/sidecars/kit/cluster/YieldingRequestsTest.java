package io.csi4j.sidecars.kit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.pacing.PacingOptions;
import io.csi4j.sidecars.kit.time.SystemTime;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What nobody waits for, beside what somebody waits for, on the connections that they share. */
@Timeout(60)
class YieldingRequestsTest {
  /** More than there are places for all. */
  private static final int STORM = 200;

  private static final int PLACES = RequestLine.Limits.OF_A_SERVER.yielding();

  private static final ObjectKey SLOW = ObjectKey.cluster("slow");
  private static final ObjectKey QUICK = ObjectKey.cluster("quick");
  private static final ObjectKey BROKEN = ObjectKey.cluster("broken");

  /** As many as may be under way that yield. */
  private final CountDownLatch underWay = new CountDownLatch(PLACES);

  private final CountDownLatch answer = new CountDownLatch(1);
  private final CountDownLatch answered = new CountDownLatch(STORM);
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger written = new AtomicInteger();
  private final SystemTime time = new SystemTime();
  private HttpServer server;
  private ApiCluster cluster;

  @BeforeEach
  void serves() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
    var config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
            .build();
    cluster = new ApiCluster(config, "test", time);
  }

  @AfterEach
  void ends() {
    cluster.close();
    time.close();
    server.stop(0);
  }

  @Test
  void given_a_storm_that_the_server_holds_up_when_somebody_waits_then_it_is_served()
      throws Exception {
    storm(cluster.yielding());
    underWay.await();

    assertThat(cluster.read(Node.KIND, QUICK)).isPresent();

    assertThat(asked).hasValue(PLACES);
    answer.countDown();
    answered.await();
    assertThat(asked).hasValue(STORM);
  }

  /** Events and capacities have a budget of their own, and are waited for by nobody, too. */
  @Test
  void given_a_storm_at_a_pace_of_its_own_then_it_yields_as_well() throws Exception {
    storm(cluster.pacedBy(new PacingOptions.Unlimited()));
    underWay.await();

    assertThat(cluster.read(Node.KIND, QUICK)).isPresent();

    assertThat(asked).hasValue(PLACES);
    answer.countDown();
    answered.await();
  }

  @Test
  void given_more_failures_than_places_then_there_is_still_a_place() {
    for (var i = 0; i < STORM; i++) {
      assertThatThrownBy(() -> cluster.read(Node.KIND, BROKEN))
          .isInstanceOf(ApiFailure.Unreachable.class);
      assertThatThrownBy(() -> cluster.yielding().read(Node.KIND, BROKEN))
          .isInstanceOf(ApiFailure.Unreachable.class);
    }

    assertThat(cluster.read(Node.KIND, QUICK)).isPresent();
    assertThat(cluster.yielding().read(Node.KIND, QUICK)).isPresent();
  }

  /** A lease may run out while a write waits for its turn. */
  @Test
  void given_a_write_that_waits_when_it_is_no_longer_admitted_then_it_is_not_sent()
      throws Exception {
    var admits = new AtomicBoolean(true);
    var admitted =
        cluster.admittedBy(
            what -> {
              if (!admits.get()) {
                throw new CancellationException(what);
              }
            });
    storm(cluster.yielding());
    underWay.await();
    var refused = new CompletableFuture<String>();
    var waiting = Thread.ofVirtual().start(() -> refused.complete(refusalOf(admitted.yielding())));
    await().until(() -> waiting.getState() == Thread.State.WAITING);

    admits.set(false);
    answer.countDown();

    assertThat(refused.get()).isEqualTo("delete nodes quick");
    assertThat(admitted.read(Node.KIND, QUICK)).as("reads are not asked").isPresent();
    assertThat(written).hasValue(0);
  }

  private static String refusalOf(Cluster through) {
    try {
      through.delete(Node.KIND, QUICK, "uid");
      return "not refused";
    } catch (CancellationException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private void storm(Cluster through) {
    for (var i = 0; i < STORM; i++) {
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  through.read(Node.KIND, SLOW);
                } finally {
                  answered.countDown();
                }
              });
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath();
    if (!exchange.getRequestMethod().equals("GET")) {
      written.incrementAndGet();
    }
    if (path.endsWith("/slow")) {
      asked.incrementAndGet();
      underWay.countDown();
      awaitQuietly();
    }
    var body = "{\"metadata\":{\"name\":\"n\"}}".getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(path.endsWith("/broken") ? 500 : 200, body.length);
    try (exchange) {
      exchange.getResponseBody().write(body);
    }
  }

  private void awaitQuietly() {
    try {
      answer.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
