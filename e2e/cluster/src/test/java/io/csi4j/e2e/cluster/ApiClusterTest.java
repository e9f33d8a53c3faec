package io.csi4j.e2e.cluster;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.sidecars.kit.cluster.ApiCluster;
import io.csi4j.sidecars.kit.cluster.FinalizerPatch;
import io.csi4j.sidecars.kit.cluster.KubeConfig;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Patch;
import io.csi4j.sidecars.kit.doors.Table;
import io.csi4j.sidecars.kit.time.SystemTime;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The kit's door to the cluster against a real API server, also while that one restarts or says
 * nothing.
 */
@Tag("cluster")
@WithControlPlane(name = "apitest")
class ApiClusterTest {
  private static final String FINALIZER = "csi4j.io/test";

  private final ControlPlane controlPlane;
  private SystemTime time;
  private ApiCluster cluster;
  private Table<Volume> volumes;

  ApiClusterTest(ControlPlane controlPlane) {
    this.controlPlane = controlPlane;
  }

  @BeforeEach
  void connects() throws Exception {
    time = new SystemTime();
    cluster = new ApiCluster(KubeConfig.load(controlPlane.kubeconfig().toString()), "test", time);
    volumes = cluster.table(Volume.KIND);
    cluster.start();
    cluster.awaitSynced();
  }

  @AfterEach
  void disconnects() {
    for (var volume : volumes.all()) {
      cluster.patch(Volume.KIND, volume.key(), Patch.merge(withoutFinalizers()));
      cluster.delete(Volume.KIND, volume.key(), volume.meta().uid());
    }
    cluster.close();
    time.close();
  }

  @Test
  void given_a_volume_when_it_is_written_then_the_table_follows() {
    var made = cluster.create(Volume.KIND, volume("followed"));
    shows("followed", true);

    cluster.patch(
        Volume.KIND, made.key(), Patch.operations(FinalizerPatch.add(made.meta(), FINALIZER)));
    assertThat(volumes.get(made.key()))
        .as("an own write is seen at once")
        .matches(volume -> volume != null && volume.meta().hasFinalizer(FINALIZER));
    cluster.patch(Volume.KIND, made.key(), Patch.merge(withoutFinalizers()));
    cluster.delete(Volume.KIND, made.key(), made.meta().uid());

    shows("followed", false);
    assertThat(cluster.read(Volume.KIND, made.key())).isEmpty();
  }

  @Test
  void given_failures_of_each_kind_then_each_has_its_type() {
    var made = cluster.create(Volume.KIND, volume("typed"));
    var removeMissing = JsonNodeFactory.instance.arrayNode();
    removeMissing
        .addObject()
        .put("op", "test")
        .put("path", "/metadata/finalizers/0")
        .put("value", "not-there");

    assertThatThrownBy(() -> cluster.create(Volume.KIND, volume("typed")))
        .isInstanceOf(ApiFailure.AlreadyExists.class)
        .hasMessageContaining("create persistentvolumes typed");
    assertThatThrownBy(() -> cluster.delete(Volume.KIND, made.key(), "another-uid"))
        .isInstanceOf(ApiFailure.Conflict.class);
    assertThatThrownBy(
            () -> cluster.patch(Volume.KIND, made.key(), Patch.operations(removeMissing)))
        .isInstanceOf(ApiFailure.Conflict.class);
    assertThatThrownBy(() -> cluster.create(Volume.KIND, nameless()))
        .isInstanceOf(ApiFailure.Invalid.class);
    assertThatThrownBy(
            () ->
                cluster.patch(
                    Volume.KIND, ObjectKey.cluster("nobody"), Patch.merge(withoutFinalizers())))
        .isInstanceOf(ApiFailure.NotFound.class);
  }

  @Test
  void given_two_writers_when_both_update_then_neither_write_is_lost() {
    var made = cluster.create(Volume.KIND, volume("updated"));

    // The volume controller writes to it, too: a write that came between is a conflict, and tried
    // again.
    for (var key : List.of("a", "b")) {
      await()
          .pollInterval(ofMillis(10))
          .ignoreException(ApiFailure.Conflict.class)
          .until(
              () ->
                  cluster
                      .update(Volume.KIND, made.key(), object -> annotate(object, key))
                      .isPresent());
    }

    assertThat(cluster.read(Volume.KIND, made.key()).orElseThrow().meta().annotations())
        .containsOnlyKeys("a", "b");
  }

  @Test
  void given_the_api_server_is_killed_and_comes_back_then_the_table_catches_up() throws Exception {
    cluster.create(Volume.KIND, volume("before"));
    shows("before", true);

    controlPlane.killApiServer();
    assertThatThrownBy(() -> cluster.read(Volume.KIND, ObjectKey.cluster("before")))
        .isInstanceOf(ApiFailure.Unreachable.class);
    controlPlane.bringBack();
    cluster.create(Volume.KIND, volume("after"));

    shows("after", true);
    assertThat(names()).contains("before", "after");
  }

  @Test
  void given_the_api_server_says_nothing_for_a_while_then_nothing_is_lost() throws Exception {
    controlPlane.pauseApiServer();
    await().pollDelay(ofSeconds(3)).until(() -> true);
    controlPlane.resumeApiServer();

    cluster.create(Volume.KIND, volume("later"));
    shows("later", true);
  }

  private void shows(String name, boolean there) {
    await()
        .atMost(ofSeconds(20))
        .pollInterval(ofMillis(10))
        .untilAsserted(
            () -> assertThat(volumes.get(ObjectKey.cluster(name)) != null).isEqualTo(there));
  }

  private List<String> names() {
    return volumes.all().stream().map(volume -> volume.meta().name()).toList();
  }

  private static ObjectNode volume(String name) {
    var volume = nameless();
    volume.putObject("metadata").put("name", name);
    return volume;
  }

  private static ObjectNode nameless() {
    var volume = JsonNodeFactory.instance.objectNode();
    volume.putObject("metadata");
    var spec = volume.putObject("spec");
    spec.putArray("accessModes").add("ReadWriteOnce");
    spec.putObject("capacity").put("storage", "1Gi");
    spec.putObject("hostPath").put("path", "/nowhere");
    return volume;
  }

  private static ObjectNode withoutFinalizers() {
    var body = JsonNodeFactory.instance.objectNode();
    body.putObject("metadata").putNull("finalizers");
    return body;
  }

  private static void annotate(ObjectNode object, String key) {
    object.withObject("/metadata/annotations").put(key, "x");
  }
}
