package io.csi4j.sidecars.kit.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.csi4j.sidecars.kit.cluster.Node;
import io.csi4j.sidecars.kit.component.Component.Fatal;
import io.csi4j.sidecars.kit.csi.DriverIdentity;
import io.csi4j.sidecars.kit.csi.EpollServer;
import io.csi4j.sidecars.kit.csi.ScriptedDriver;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.sidecar.SidecarPlan.Connections;
import io.csi4j.sidecars.kit.time.SystemTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scenarios of common.md B18 on what losing the driver does to the process. */
class DriverSidecarTest {
  private static final String LAST_WORDS = "Lost connection to CSI driver, exiting";

  @TempDir Path folder;

  private final SystemTime time = new SystemTime();
  private final AtomicInteger terms = new AtomicInteger();

  @AfterEach
  void ends() {
    time.close();
  }

  /** B18 10. Provisioner 26.P3. */
  @Test
  void given_exit_on_loss_when_the_driver_goes_then_the_process_ends_with_last_words()
      throws Exception {
    var words = Files.createFile(folder.resolve("termination-log"));

    losesTheDriver(new TerminationLog(words));

    assertThat(words).hasContent(LAST_WORDS);
  }

  /** B18 11. */
  @Test
  void given_last_words_cannot_be_written_when_the_driver_goes_then_the_process_ends_all_the_same()
      throws Exception {
    var folderInPlaceOfAFile = Files.createDirectory(folder.resolve("termination-log"));

    losesTheDriver(new TerminationLog(folderInPlaceOfAFile));
  }

  /** A change of leaders costs no lists: they have been read by then. */
  @Test
  void given_another_leads_then_the_tables_are_filled_all_the_same() throws Exception {
    try (var _ = driver();
        var api = new OthersLead();
        var runner = Executors.newVirtualThreadPerTaskExecutor()) {
      var sidecar =
          new DriverSidecar(
              plan(api.url(), "--leader-election", "--leader-election-namespace=ns"),
              time,
              new WithNodes());
      var running = runner.submit(() -> runToTheEnd(sidecar));

      await().until(() -> api.lists.get() == 1);

      assertThat(terms).hasValue(0);
      sidecar.close();
      running.get();
    }
  }

  private final class WithNodes implements Controllers.Builder {
    @Override
    public Controllers build(Controllers.World world) {
      return idle(world);
    }

    @Override
    public void tables(DriverIdentity identity, Cluster cluster) {
      cluster.table(Node.KIND);
    }
  }

  /** An API server whose leases are held by somebody else, now and for ever. */
  private static final class OthersLead implements AutoCloseable {
    private final AtomicInteger lists = new AtomicInteger();
    private final HttpServer server;

    OthersLead() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/", this::answer);
      server.start();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
      var body = body(exchange.getRequestURI().toString()).getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      try (exchange) {
        exchange.getResponseBody().write(body);
      }
    }

    private String body(String uri) {
      if (uri.contains("/leases/")) {
        return """
            {"metadata":{"name":"l","namespace":"ns","resourceVersion":"1"},
             "spec":{"holderIdentity":"another","leaseDurationSeconds":3600,
             "renewTime":"2999-01-01T00:00:00.000000Z"}}
            """;
      }
      if (uri.contains("/nodes?limit")) {
        lists.incrementAndGet();
        return "{\"metadata\":{\"resourceVersion\":\"5\"},\"items\":[]}";
      }
      return "";
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  private void losesTheDriver(TerminationLog words) throws Exception {
    var server = driver();
    try (var runner = Executors.newVirtualThreadPerTaskExecutor()) {
      var sidecar = new DriverSidecar(plan("--on-connection-loss=exit"), time, this::idle, words);
      var running = runner.submit(() -> runToTheEnd(sidecar));
      await().until(() -> terms.get() == 1);

      server.close();

      assertThatThrownBy(running::get).cause().isInstanceOf(Fatal.class).hasMessage(LAST_WORDS);
    } finally {
      server.close();
    }
  }

  private static Void runToTheEnd(DriverSidecar sidecar) throws InterruptedException {
    sidecar.run();
    return null;
  }

  private EpollServer driver() throws IOException {
    return new ScriptedDriver().start(folder.resolve("csi.sock"));
  }

  private SidecarPlan plan(String more) throws IOException {
    return plan("http://127.0.0.1:1", more);
  }

  private SidecarPlan plan(String apiServer, String... more) throws IOException {
    var kubeconfig = folder.resolve("kubeconfig");
    Files.writeString(
        kubeconfig,
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "%s"}}]
        contexts: [{name: c, context: {cluster: c, user: u}}]
        users: [{name: u, user: {token: t}}]
        current-context: c
        """
            .formatted(apiServer));
    var args =
        Stream.concat(
                Stream.of(
                    "--csi-address=" + folder.resolve("csi.sock"), "--kubeconfig=" + kubeconfig),
                Stream.of(more))
            .toList();
    return new SidecarPlan(
        "csi4j-test",
        driver -> driver,
        Set.of(Code.UNAVAILABLE),
        Connections.from(Flags.parse(args), Duration.ofSeconds(10)));
  }

  /** Controllers that have nothing to do and need no tables. */
  private Controllers idle(Controllers.World world) {
    return new Controllers() {
      @Override
      public void start() {
        terms.incrementAndGet();
      }

      @Override
      public void close() {}
    };
  }
}
