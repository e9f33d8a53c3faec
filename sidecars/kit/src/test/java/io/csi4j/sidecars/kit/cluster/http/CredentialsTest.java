package io.csi4j.sidecars.kit.cluster.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** How the server comes to know us, and what happens when it no longer does. */
class CredentialsTest {
  private static final Request GET = new Request("GET", "/x", "", "");
  private static final String UNKNOWN = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n";

  @Test
  void given_no_credentials_then_none_are_sent() throws Exception {
    assertThat(sent(new ConfigBuilder(Config.empty()))).doesNotContain("Authorization");
  }

  @Test
  void given_a_token_then_it_is_sent() throws Exception {
    assertThat(sent(new ConfigBuilder(Config.empty()).withOauthToken("abc")))
        .contains("Authorization: Bearer abc\n");
  }

  @Test
  void given_a_name_and_a_password_then_they_are_sent() throws Exception {
    assertThat(sent(new ConfigBuilder(Config.empty()).withUsername("a").withPassword("b")))
        .contains("Authorization: Basic YTpi\n");
  }

  @Test
  void given_somebody_to_act_as_then_the_server_is_told() throws Exception {
    var config = new ConfigBuilder(Config.empty()).withImpersonateUsername("jane");
    assertThat(sent(config.withImpersonateGroups("dev", "ops")))
        .contains("Impersonate-User: jane\n")
        .contains("Impersonate-Group: dev\n")
        .contains("Impersonate-Group: ops\n");
  }

  /** A token may be replaced between the moment it is read and the moment it is looked at. */
  @Test
  void given_a_token_that_is_no_longer_known_when_there_is_another_then_the_request_is_repeated()
      throws Exception {
    var token = new AtomicReference<>("old");
    ScriptedPeer.Script knowsNew =
        talk -> {
          while (true) {
            var known = talk.request().contains("Bearer new\n");
            token.set("new");
            talk.say(known ? ScriptedPeer.OK : UNKNOWN);
          }
        };
    try (var peer = new ScriptedPeer(knowsNew);
        var http = transport(peer, withTokenOf(token))) {
      assertThat(HttpTransportTest.text(http, GET)).isEqualTo("ok");
      assertThat(peer.requests).hasSize(2);
      assertThat(peer.connections).hasValue(1);
    }
  }

  @Test
  void given_a_token_that_nobody_knows_then_the_refusal_is_the_answer() throws Exception {
    try (var peer = new ScriptedPeer(ScriptedPeer.always(UNKNOWN));
        var http = transport(peer, withTokenOf(new AtomicReference<>("bad")));
        var answer = http.ask(GET, Duration.ofSeconds(20))) {
      assertThat(answer.code()).isEqualTo(401);
      assertThat(peer.requests).hasSizeLessThanOrEqualTo(2);
    }
  }

  private static ConfigBuilder withTokenOf(AtomicReference<String> token) {
    return new ConfigBuilder(Config.empty()).withOauthTokenProvider(token::get);
  }

  private static String sent(ConfigBuilder config) throws IOException {
    try (var peer = new ScriptedPeer(ScriptedPeer.always(ScriptedPeer.OK));
        var http = transport(peer, config)) {
      HttpTransportTest.text(http, GET);
      return peer.requests.getFirst();
    }
  }

  private static HttpTransport transport(ScriptedPeer peer, ConfigBuilder config) {
    return new HttpTransport(config.withMasterUrl(peer.address()).build(), "test");
  }
}
