package io.csi4j.sidecars.kit.cluster.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client may rely on, whatever the server does. */
@Timeout(60)
class HttpTransportTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(100);
  private static final Request GET = new Request("GET", "/x?y=z", "", "");
  private static final Request POST = new Request("POST", "/x", "application/json", "{\"a\":1}");

  @Test
  void given_requests_one_after_the_other_then_they_share_a_connection() throws Exception {
    try (var peer = new ScriptedPeer(ScriptedPeer.always(ScriptedPeer.OK));
        var http = transport(peer)) {
      for (var i = 0; i < 3; i++) {
        assertThat(text(http, GET)).isEqualTo("ok");
      }

      assertThat(peer.connections).hasValue(1);
      assertThat(http.connections()).isEqualTo(1);
    }
  }

  @Test
  void given_a_request_then_it_goes_out_with_all_that_it_needs() throws Exception {
    try (var peer = new ScriptedPeer(ScriptedPeer.always(ScriptedPeer.OK));
        var http = transport(peer)) {
      text(http, POST);

      assertThat(peer.requests.getFirst())
          .startsWith("POST /x HTTP/1.1\n")
          .contains("Host: 127.0.0.1:" + peer.port() + "\n")
          .contains("User-Agent: test/1\n")
          .contains("Accept: application/json\n")
          .contains("Content-Type: application/json\nContent-Length: 7\n")
          .endsWith("\n\n{\"a\":1}");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n5\r\nhello\r\n0\r\nA: b\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
      })
  void given_an_answer_of_any_form_then_it_is_read_and_the_connection_is_used_again(String answer)
      throws Exception {
    try (var peer = new ScriptedPeer(ScriptedPeer.always(answer));
        var http = transport(peer)) {
      assertThat(text(http, GET)).isEqualTo("hello");
      assertThat(text(http, GET)).isEqualTo("hello");
      assertThat(peer.connections).hasValue(1);
    }
  }

  /** A parser stops at the last brace and leaves the end mark of the chunks unread. */
  @Test
  void given_a_body_of_which_only_the_end_mark_is_unread_then_the_connection_is_used_again()
      throws Exception {
    var chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
    try (var peer = new ScriptedPeer(ScriptedPeer.always(chunked));
        var http = transport(peer)) {
      for (var i = 0; i < 2; i++) {
        try (var answer = http.ask(GET, LONG)) {
          assertThat(answer.body().readNBytes(2)).hasSize(2);
        }
      }
      assertThat(peer.connections).hasValue(1);
    }
  }

  @Test
  void given_a_body_that_is_not_read_to_its_end_then_the_connection_is_gone() throws Exception {
    try (var peer = new ScriptedPeer(ScriptedPeer.always(ScriptedPeer.OK));
        var http = transport(peer)) {
      try (var answer = http.ask(GET, LONG)) {
        assertThat(answer.body().read()).isEqualTo('o');
      }
      assertThat(http.connections()).isZero();
      assertThat(text(http, GET)).isEqualTo("ok");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
        "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\n\r\nhello",
      })
  void given_the_server_will_close_then_the_next_request_has_a_connection_of_its_own(String answer)
      throws Exception {
    try (var peer = new ScriptedPeer(ScriptedPeer.once(answer));
        var http = transport(peer)) {
      assertThat(text(http, POST)).isEqualTo("hello");
      assertThat(text(http, POST)).isEqualTo("hello");
      assertThat(peer.connections).hasValue(2);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/1.1 abc\r\n\r\n",
        "HTTP/2 200\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        "HTTP/1.1 200",
        "",
      })
  void given_what_is_no_answer_then_it_is_a_failure_and_the_connection_is_gone(String answer)
      throws Exception {
    try (var peer = new ScriptedPeer(ScriptedPeer.once(answer));
        var http = transport(peer)) {
      assertThatThrownBy(() -> text(http, GET)).isInstanceOf(IOException.class);
      assertThat(http.connections()).isZero();
    }
  }

  @Test
  void given_a_head_without_an_end_then_it_is_a_failure() throws Exception {
    ScriptedPeer.Script endless =
        talk -> {
          talk.request();
          talk.say("HTTP/1.1 200 OK\r\n");
          while (true) {
            talk.say("X: y\r\n");
          }
        };
    try (var peer = new ScriptedPeer(endless);
        var http = transport(peer)) {
      assertThatThrownBy(() -> text(http, GET)).hasMessageContaining("header lines");
    }
  }

  /** The server's idle limit is over just when a request is on its way. */
  @Test
  void given_a_connection_closed_while_idle_when_it_is_used_then_a_read_is_asked_again()
      throws Exception {
    try (var peer = new ScriptedPeer(closesUnasked());
        var http = transport(peer)) {
      assertThat(text(http, GET)).isEqualTo("ok");
      assertThat(text(http, GET)).isEqualTo("ok");
      assertThat(peer.connections).hasValue(2);
    }
  }

  /** Nobody knows whether a write that got no answer was done. */
  @Test
  void given_a_connection_closed_while_idle_when_it_is_used_then_a_write_is_not_asked_again()
      throws Exception {
    try (var peer = new ScriptedPeer(closesUnasked());
        var http = transport(peer)) {
      assertThat(text(http, POST)).isEqualTo("ok");
      assertThatThrownBy(() -> text(http, POST)).isInstanceOf(IOException.class);
      assertThat(peer.requests).hasSize(2);

      assertThat(text(http, POST)).as("the next one has a new connection").isEqualTo("ok");
    }
  }

  /** Answers one request of a connection, takes a second and hangs up. */
  private static ScriptedPeer.Script closesUnasked() {
    return talk -> {
      talk.request();
      talk.say(ScriptedPeer.OK);
      talk.request();
    };
  }

  @Test
  void given_a_server_that_says_nothing_then_the_limit_ends_it_and_says_so() throws Exception {
    ScriptedPeer.Script silent = talk -> talk.socket().getInputStream().transferTo(nowhere());
    try (var peer = new ScriptedPeer(silent);
        var http = transport(peer)) {
      assertThatThrownBy(() -> http.ask(GET, SHORT)).hasMessageContaining("not done within");
      assertThat(http.connections()).isZero();
    }
  }

  @Test
  void given_an_answer_that_stops_half_way_then_the_limit_ends_it_and_says_so() throws Exception {
    ScriptedPeer.Script half =
        talk -> {
          talk.request();
          talk.say("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");
          talk.request();
        };
    try (var peer = new ScriptedPeer(half);
        var http = transport(peer);
        var answer = http.ask(GET, SHORT)) {
      assertThatThrownBy(() -> answer.body().readAllBytes())
          .hasMessageContaining("not done within");
    }
  }

  /** More than any buffer between takes, to a server that reads none of it. */
  @Test
  void given_a_server_that_does_not_read_then_the_limit_ends_a_write_too() throws Exception {
    var never = new CountDownLatch(1);
    var large = new Request("POST", "/x", "application/json", "x".repeat(20_000_000));
    try (var peer = new ScriptedPeer(_ -> never.await());
        var http = transport(peer)) {
      assertThatThrownBy(() -> http.ask(large, SHORT)).hasMessageContaining("not done within");
    }
  }

  @Test
  void given_a_watch_when_another_thread_hangs_up_then_the_reader_is_told_at_once()
      throws Exception {
    ScriptedPeer.Script watch =
        talk -> {
          talk.request();
          talk.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n");
          talk.request();
        };
    try (var peer = new ScriptedPeer(watch);
        var http = transport(peer)) {
      var answer = http.ask(GET, LONG);
      assertThat(answer.body().readNBytes(2)).hasSize(2);
      Thread.ofVirtual().start(() -> close(answer));

      assertThatThrownBy(() -> answer.body().read()).isInstanceOf(IOException.class);
      answer.close();
      assertThat(http.connections()).isZero();
    }
  }

  @Test
  void given_a_waiting_thread_when_it_is_interrupted_then_it_stops_waiting() throws Exception {
    try (var peer = new ScriptedPeer(talk -> talk.socket().getInputStream().transferTo(nowhere()));
        var http = transport(peer)) {
      var failure = new CompletableFuture<Exception>();
      var waiting = Thread.ofVirtual().start(() -> failure.complete(failureOf(http)));
      await().until(() -> peer.connections.get() == 1);
      waiting.interrupt();

      assertThat(failure.get()).isInstanceOf(IOException.class);
      assertThat(http.connections()).isZero();
    }
  }

  @Test
  void given_the_client_is_closed_then_who_waits_fails_and_who_comes_is_refused() throws Exception {
    try (var peer =
        new ScriptedPeer(talk -> talk.socket().getInputStream().transferTo(nowhere()))) {
      var http = transport(peer);
      var waiting = new CompletableFuture<Exception>();
      Thread.ofVirtual().start(() -> waiting.complete(failureOf(http)));
      await().until(() -> peer.connections.get() == 1);
      http.close();

      assertThat(waiting.get()).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> http.ask(GET, LONG)).hasMessageContaining("closed");
      assertThat(http.connections()).isZero();
    }
  }

  /** An address where nobody listens; the message names no limit, since none was reached. */
  @Test
  void given_nobody_listens_then_it_is_a_failure_at_once() throws Exception {
    var peer = new ScriptedPeer(ScriptedPeer.always(ScriptedPeer.OK));
    peer.close();
    try (var http = transport(peer)) {
      assertThatThrownBy(() -> http.ask(GET, LONG)).hasMessageContaining("refused");
    }
  }

  private static Exception failureOf(HttpTransport http) {
    try {
      return new IllegalStateException("answered " + http.ask(GET, LONG).code());
    } catch (IOException e) {
      return e;
    }
  }

  private static HttpTransport transport(ScriptedPeer peer) {
    return new HttpTransport(config(peer.address()), "test/1");
  }

  static Config config(String address) {
    return new ConfigBuilder(Config.empty()).withMasterUrl(address).build();
  }

  static String text(HttpTransport http, Request request) throws IOException {
    try (var answer = http.ask(request, LONG)) {
      return new String(answer.body().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static java.io.OutputStream nowhere() {
    return java.io.OutputStream.nullOutputStream();
  }

  private static void close(Answer answer) {
    try {
      answer.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
