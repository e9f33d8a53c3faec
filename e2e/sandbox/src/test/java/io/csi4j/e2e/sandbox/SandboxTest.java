package io.csi4j.e2e.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.csi4j.e2e.sandbox.faults.Fault;
import io.csi4j.e2e.sandbox.faults.Trace;
import io.csi4j.e2e.sandbox.faults.WatchFaults;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a sandbox has and no real server: faults, a trace. With fabric8's client and informers. */
class SandboxTest {
  private Sandbox sandbox;
  private KubernetesClient client;

  @BeforeEach
  void starts() {
    sandbox = Sandbox.start();
    var config = Config.fromKubeconfig(sandbox.kubeconfig());
    config.setRequestRetryBackoffLimit(0);
    client = new KubernetesClientBuilder().withConfig(config).build();
  }

  @AfterEach
  void ends() {
    client.close();
    sandbox.close();
  }

  @Test
  void given_an_informer_then_it_sees_what_happens_also_after_watches_are_cut_off() {
    var seen = new CopyOnWriteArrayList<String>();
    var informer = client.configMaps().inNamespace("default").inform(new Recording(seen), 0);
    create("a");
    client.configMaps().inNamespace("default").withName("a").edit(SandboxTest::labelled);
    soon(seen, "added a", "changed a");

    sandbox.dropWatches();
    client.configMaps().inNamespace("default").withName("a").delete();
    create("b");

    soon(seen, "added a", "changed a", "deleted a", "added b");
    informer.close();
  }

  @Test
  void given_history_is_forgotten_while_watches_are_cut_off_then_the_informer_lists_again() {
    var seen = new CopyOnWriteArrayList<String>();
    var informer = client.configMaps().inNamespace("default").inform(new Recording(seen), 0);
    create("a");
    soon(seen, "added a");

    sandbox.dropWatches();
    create("b");
    sandbox.compact();

    soon(seen, "added a", "added b");
    informer.close();
  }

  @Test
  void given_events_are_told_twice_then_the_informer_does_not_mind() {
    sandbox.watchFaults().deliver(WatchFaults.Delivery.TWICE);
    var informer = client.configMaps().inNamespace("default").inform();

    create("a");

    await().until(() -> informer.getStore().list().size() == 1);
    informer.close();
  }

  @Test
  void given_a_fault_for_the_second_write_then_only_that_one_suffers() {
    sandbox
        .faults()
        .onWrite(2, call -> call.resource().equals("configmaps"), Fault.Refuse.conflict());

    create("a");
    assertThatThrownBy(() -> create("b"))
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            refused -> assertThat(refused.getCode()).isEqualTo(409));
    create("c");

    assertThat(names()).contains("a", "c").doesNotContain("b");
  }

  @Test
  void given_the_connection_is_cut_then_before_it_has_no_effect_and_after_it_has() {
    sandbox.faults().onWrite(1, call -> call.verb().equals("create"), new Fault.CutBefore());
    assertThatThrownBy(() -> create("before")).isInstanceOf(KubernetesClientException.class);
    sandbox.faults().clear();
    sandbox.faults().onWrite(1, call -> call.verb().equals("create"), new Fault.CutAfter());
    assertThatThrownBy(() -> create("after")).isInstanceOf(KubernetesClientException.class);

    assertThat(names()).contains("after").doesNotContain("before");
  }

  @Test
  void given_a_failure_after_the_effect_then_the_client_is_told_the_failure() {
    sandbox
        .faults()
        .onWrites(
            call -> call.verb().equals("create"), new Fault.FailAfter(500, "InternalError", "x"));

    assertThatThrownBy(() -> create("a")).isInstanceOf(KubernetesClientException.class);
    sandbox.faults().clear();

    assertThat(names()).contains("a");
  }

  @Test
  void given_writes_then_the_trace_has_them_in_order_with_who_and_what() {
    sandbox.trace().clear();
    create("a");
    assertThatThrownBy(() -> create("a")).isInstanceOf(KubernetesClientException.class);
    client.configMaps().inNamespace("default").withName("a").edit(SandboxTest::labelled);
    client.configMaps().inNamespace("default").withName("a").delete();

    var lines = sandbox.trace().lines();

    assertThat(lines)
        .extracting(line -> line.call().verb() + " " + line.code())
        .containsExactly("create 201", "create 409", "patch 200", "delete 200");
    assertThat(lines).extracting(line -> line.call().user()).containsOnly("kubernetes-admin");
    assertThat(lines).extracting(Trace.Line::number).isSorted();
    assertThat(lines.get(1).change()).isEmpty();
    assertThat(lines.get(3).change().orElseThrow().key()).isEqualTo("default/a");
  }

  @Test
  void given_bookmarks_wanted_then_an_idle_watch_gets_them() throws Exception {
    try (var quick =
            Sandbox.start(SandboxOptions.usual().withBookmarkEvery(Duration.ofMillis(50)));
        var other =
            new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(quick.kubeconfig()))
                .build()) {
      var http = other.getHttpClient();
      var request =
          http.newHttpRequestBuilder()
              .uri(
                  quick.url()
                      + "/api/v1/secrets?watch=true&allowWatchBookmarks=true&timeoutSeconds=1")
              .header("Authorization", "Bearer " + quick.token())
              .build();

      var body = http.sendAsync(request, String.class).get().bodyString();

      assertThat(body.lines().filter(line -> line.startsWith("{\"type\":\"BOOKMARK\"")))
          .hasSizeGreaterThan(1);
    }
  }

  private record Recording(List<String> seen) implements ResourceEventHandler<ConfigMap> {
    @Override
    public void onAdd(ConfigMap object) {
      seen.add("added " + object.getMetadata().getName());
    }

    @Override
    public void onUpdate(ConfigMap before, ConfigMap after) {
      seen.add("changed " + after.getMetadata().getName());
    }

    @Override
    public void onDelete(ConfigMap object, boolean unknown) {
      seen.add("deleted " + object.getMetadata().getName());
    }
  }

  private void create(String name) {
    var object = new ConfigMapBuilder().withNewMetadata().withName(name).endMetadata().build();
    client.configMaps().inNamespace("default").resource(object).create();
  }

  private List<String> names() {
    return client.configMaps().inNamespace("default").list().getItems().stream()
        .map(object -> object.getMetadata().getName())
        .toList();
  }

  private static ConfigMap labelled(ConfigMap object) {
    return new ConfigMapBuilder(object).editMetadata().addToLabels("a", "b").endMetadata().build();
  }

  private static void soon(List<String> seen, String... wanted) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(seen).containsExactly(wanted));
  }
}
