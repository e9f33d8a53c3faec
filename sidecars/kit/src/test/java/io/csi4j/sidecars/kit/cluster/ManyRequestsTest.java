package io.csi4j.sidecars.kit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.time.SystemTime;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** More requests at once than there are places, and so connections. */
class ManyRequestsTest {
  private static final int MANY = 300;
  private static final long ANSWER_AFTER_NANOS = 20_000_000;

  private final AtomicInteger now = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();

  @Test
  void given_300_requests_at_once_then_all_succeed_and_no_more_than_there_are_places_are_under_way()
      throws Exception {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
    var config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
            .build();
    var read = new AtomicInteger();
    try (var time = new SystemTime();
        var cluster = new ApiCluster(config, "test", time)) {
      var left = new CountDownLatch(MANY);
      for (var i = 0; i < MANY; i++) {
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    cluster.read(Node.KIND, ObjectKey.cluster("n"));
                    read.incrementAndGet();
                  } finally {
                    left.countDown();
                  }
                });
      }
      left.await();
    } finally {
      server.stop(0);
    }

    assertThat(read).hasValue(MANY);
    assertThat(most.get()).isBetween(2, RequestLine.Limits.OF_A_SERVER.all());
  }

  private void answer(HttpExchange exchange) throws IOException {
    most.accumulateAndGet(now.incrementAndGet(), Math::max);
    LockSupport.parkNanos(ANSWER_AFTER_NANOS);
    now.decrementAndGet();
    var body = "{\"metadata\":{\"name\":\"n\"}}".getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    try (exchange) {
      exchange.getResponseBody().write(body);
    }
  }
}
