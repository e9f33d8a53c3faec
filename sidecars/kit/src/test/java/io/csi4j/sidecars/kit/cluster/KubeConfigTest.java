package io.csi4j.sidecars.kit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.csi4j.sidecars.kit.component.Component.Fatal;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where credentials come from, and that they stay fresh. */
class KubeConfigTest {
  @TempDir Path folder;

  @Test
  void given_a_token_file_when_it_is_replaced_then_the_next_request_has_the_new_token()
      throws IOException {
    var token = write("token", "first\n");
    var config = load("tokenFile: " + token);
    assertThat(tokenOf(config)).isEqualTo("first");

    Files.move(write("next", "second"), token, StandardCopyOption.REPLACE_EXISTING);

    assertThat(tokenOf(config)).isEqualTo("second");
  }

  /** As kubelet does it: a link to a folder is exchanged, the file's name stays. */
  @Test
  void given_a_projected_token_when_kubelet_exchanges_its_folder_then_the_new_token_is_used()
      throws IOException {
    Files.createDirectories(folder.resolve("1"));
    Files.createDirectories(folder.resolve("2"));
    write("1/token", "first");
    write("2/token", "other");
    var data = Files.createSymbolicLink(folder.resolve("data"), Path.of("1"));
    var token = Files.createSymbolicLink(folder.resolve("token"), Path.of("data/token"));
    var file = new TokenFile(token);
    assertThat(file.getToken()).isEqualTo("first");

    var next = Files.createSymbolicLink(folder.resolve("next"), Path.of("2"));
    Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);

    assertThat(file.getToken()).isEqualTo("other");
  }

  @Test
  void given_a_token_file_when_it_is_away_for_a_moment_then_the_last_token_is_used()
      throws IOException {
    var token = write("token", "first");
    var file = new TokenFile(token);
    assertThat(file.getToken()).isEqualTo("first");

    Files.delete(token);

    assertThat(file.getToken()).isEqualTo("first");
  }

  @Test
  void given_a_relative_token_file_when_loaded_then_it_is_looked_for_beside_the_kubeconfig()
      throws IOException {
    write("token", "beside");

    assertThat(tokenOf(load("tokenFile: token"))).isEqualTo("beside");
  }

  @Test
  void given_a_token_in_the_kubeconfig_when_loaded_then_it_stays() throws IOException {
    var config = load("token: fixed");

    assertThat(config.getOauthTokenProvider()).isNull();
    assertThat(config.getAutoOAuthToken()).isEqualTo("fixed");
  }

  @Test
  void given_no_such_kubeconfig_when_loaded_then_the_flag_is_named() {
    assertThatThrownBy(() -> KubeConfig.load(folder.resolve("none").toString()))
        .isInstanceOf(Fatal.class)
        .hasMessageContaining("--kubeconfig=")
        .hasMessageContaining("must be a readable file");
  }

  private static String tokenOf(Config config) {
    return config.getOauthTokenProvider().getToken();
  }

  private Config load(String user) throws IOException {
    var file =
        write(
            "kubeconfig",
            """
            apiVersion: v1
            kind: Config
            clusters: [{name: c, cluster: {server: "http://127.0.0.1:1"}}]
            contexts: [{name: c, context: {cluster: c, user: u}}]
            users: [{name: u, user: {%s}}]
            current-context: c
            """
                .formatted(user));
    return KubeConfig.load(file.toString());
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
