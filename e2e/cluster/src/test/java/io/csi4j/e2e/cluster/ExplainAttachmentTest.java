package io.csi4j.e2e.cluster;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code csi4j explain} says of attachments, on a real API server. */
@Tag("cluster")
@WithControlPlane(name = "explain-attachment")
class ExplainAttachmentTest {
  private static final Duration LONG = ofMinutes(1);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A number that no node has. */
  private static final int NOWHERE = 77;

  @TempDir private static Path folder;
  private static ControlPlane controlPlane;
  private static AttachLoad load;

  private final PublishingDriver driver = new PublishingDriver(false);

  @BeforeAll
  static void fills(ControlPlane given) throws Exception {
    controlPlane = given;
    load = new AttachLoad(controlPlane.kubeconfig());
    load.nodes(2);
    load.volumes(0, 10);
  }

  @AfterAll
  static void endsIt() {
    load.close();
  }

  @Test
  void given_no_attacher_and_no_driver_then_what_would_be_done_is_told_and_nothing_done()
      throws Exception {
    load.attach(0, 1, 1);

    var told = explain("volumeattachment", AttachLoad.name(0), "--csi-address=/nowhere.sock");

    assertThat(told.at("/state").asText()).isEqualTo("acting");
    assertThat(told.at("/next").toString())
        .contains("patch persistentvolumes pv-0", "ControllerPublishVolume");
    assertThat(told.at("/seen/node").asText()).isEqualTo("node-0");
    assertThat(told.at("/seen/driver").asText()).startsWith("not asked");
    assertThat(load.patches()).isZero();
  }

  @Test
  void given_an_attached_volume_then_claim_and_attachment_tell_who_has_it_since_when()
      throws Exception {
    var socket = folder.resolve("attached.sock");
    var before = Instant.now().minusSeconds(2);
    load.claim(1);
    try (var _ = driver.start(socket);
        var _ = attacher(socket)) {
      load.attach(1, 2, 1);
      load.took(LONG);
    }

    var told = explain("va", AttachLoad.name(1));
    var claim =
        await()
            .atMost(LONG)
            .pollInterval(ofSeconds(1))
            .until(
                () -> explain("pvc", "default/" + AttachLoad.claimName(1)),
                each -> each.at("/cause").asText().equals("bound"));

    assertThat(told.at("/state").asText()).isEqualTo("settled");
    assertThat(told.at("/seen/published to node ID").asText()).isEqualTo("id-of-node-0");
    var since = told.at("/seen/attached").asText().replace("yes, status last changed at ", "");
    assertThat(Instant.parse(since)).isBetween(before, Instant.now().plusSeconds(1));
    assertThat(claim.at("/more")).hasSize(1);
    assertThat(claim.at("/more/0/object")).isEqualTo(told.at("/object"));
    assertThat(claim.at("/more/0/state").asText()).isEqualTo("settled");
    assertThat(claim.at("/more/0/seen/attached")).isEqualTo(told.at("/seen/attached"));
  }

  @Test
  void given_the_driver_refuses_then_its_words_and_the_next_try_are_told() throws Exception {
    var socket = folder.resolve("refused.sock");
    driver.refusing.add("id-of-node-0");
    try (var _ = driver.start(socket);
        var _ = attacher(socket)) {
      load.attach(2, 3, 1);

      var told =
          await()
              .atMost(LONG)
              .until(
                  () -> explain("va", AttachLoad.name(2), "--csi-address=" + socket),
                  // On a busy machine the driver may be given up before it has answered.
                  each ->
                      each.at("/state").asText().equals("failing")
                          && !each.at("/seen").has("driver"));

      assertThat(told.at("/cause").asText()).isEqualTo("driver-error");
      assertThat(told.at("/why").asText())
          .isEqualTo("rpc error: code = Internal desc = no path to the array");
      assertThat(told.at("/seen/next try").asText()).matches("(by|due since) 20.*");
      assertThat(text("va", AttachLoad.name(2))).contains("why:   rpc error: code = Internal");
    }
  }

  @Test
  void given_a_node_that_is_not_there_then_the_volume_tells_of_it() throws Exception {
    load.attachTo(NOWHERE, 3, 4);

    var told = explain("pv", "pv-3");

    assertThat(told.at("/more/0/state").asText()).isEqualTo("failing");
    assertThat(told.at("/more/0/cause").asText()).isEqualTo("node-gone");
    assertThat(explain("pv", "pv-9").at("/more/0/cause").asText()).isEqualTo("not-attached");
  }

  private AttacherProcess attacher(Path socket) throws Exception {
    var log = folder.resolve(socket.getFileName() + ".log");
    var attacher = AttacherProcess.start(log, controlPlane.kubeconfig(), socket);
    await().atMost(LONG).until(attacher::started);
    return attacher;
  }

  private static JsonNode explain(String what, String name, String... more) throws Exception {
    var args = new ArrayList<>(List.of(what, name, "-o=json"));
    args.addAll(List.of(more));
    return JSON.readTree(text(args.toArray(String[]::new)));
  }

  /** The name comes second. */
  private static String text(String... args) throws IOException, InterruptedException {
    var line = new ArrayList<>(List.of(ClusterUnderTest.checkout().resolve("csi4j").toString()));
    line.add("explain");
    line.addAll(List.of(args));
    line.add("--kubeconfig=" + controlPlane.kubeconfig());
    var out = Files.createTempFile(folder, "explain", ".txt");
    var process =
        new ProcessBuilder(line)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectOutput(out.toFile())
            .start();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isZero();
    return Files.readString(out);
  }
}
