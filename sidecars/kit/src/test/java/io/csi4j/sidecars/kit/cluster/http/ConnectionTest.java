package io.csi4j.sidecars.kit.cluster.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the look at a connection that was idle for a while tells. */
@Timeout(60)
class ConnectionTest {
  private static final byte[] REQUEST =
      "GET /x HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

  @Test
  void given_a_quiet_connection_when_it_is_looked_at_then_it_can_still_be_used() throws Exception {
    try (var peer = new ScriptedPeer(ScriptedPeer.always(ScriptedPeer.OK))) {
      var connection = to(peer);

      assertThat(connection.isQuiet()).isTrue();

      connection.write(REQUEST);
      assertThat(Head.read(connection.in()).code()).isEqualTo(200);
    }
  }

  @Test
  void given_the_server_has_closed_when_it_is_looked_at_then_it_is_not_quiet() throws Exception {
    var close = new CountDownLatch(1);
    try (var peer = new ScriptedPeer(_ -> close.await())) {
      var connection = to(peer);
      assertThat(connection.isQuiet()).isTrue();

      close.countDown();

      await().until(() -> !connection.isQuiet());
    }
  }

  @Test
  void given_the_server_has_said_what_nobody_asked_then_it_is_not_quiet() throws Exception {
    var held = new CountDownLatch(1);
    ScriptedPeer.Script talkative =
        talk -> {
          talk.say("HTTP/1.1 408 Request Timeout\r\n\r\n");
          held.await();
        };
    try (var peer = new ScriptedPeer(talkative)) {
      var connection = to(peer);

      await().until(() -> !connection.isQuiet());
      held.countDown();
    }
  }

  private static Connection to(ScriptedPeer peer) throws IOException {
    var connection = new Connection(System.nanoTime() + Duration.ofMinutes(1).toNanos());
    connection.open(new Dialer(Access.of(HttpTransportTest.config(peer.address()))));
    return connection;
  }
}
