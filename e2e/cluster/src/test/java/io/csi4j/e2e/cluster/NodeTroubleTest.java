package io.csi4j.e2e.cluster;

import static io.csi4j.e2e.cluster.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.storage.CSIDriverBuilder;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What befalls a node while pods have volumes, and while they are about to get them. */
@Tag("cluster")
@OnNode
class NodeTroubleTest {
  private static final int PODS = 6;

  /** kubelet-and-cluster.md 16.31 and 16.32. */
  @Test
  void given_kubelet_dies_while_pods_run_then_one_goes_on_and_what_went_meanwhile_is_cleaned_up(
      PodSpace space, NodeUnderTest node) throws Exception {
    space.claim("stays");
    space.claim("goes");
    space.start(TestPod.staying("stays", "echo kept > /data/file").on("stays"));
    space.start(TestPod.staying("goes", "echo kept > /data/file").on("goes"));
    var goes = space.seenVolume("goes");
    var stays = space.seenVolume("stays");

    node.killProgram("KUBELET_PID");
    space.delete("goes");
    node.bringBack();

    eventually("the pod is gone", () -> assertThat(space.pod("goes")).isNull());
    eventually("its mounts are gone", () -> assertThat(space.mounts(goes)).isEmpty());
    assertThat(space.exec("stays", "cat /data/file")).isEqualTo("kept\n");
    assertThat(space.mounts(stays)).as("staged once, published once").hasSize(2);
  }

  @Test
  void given_kubelet_dies_while_pods_get_volumes_then_all_run_when_it_is_back(
      PodSpace space, NodeUnderTest node) throws Exception {
    createMany(space);
    awaitFirstMount(space);

    node.killProgram("KUBELET_PID");
    node.bringBack();

    awaitMany(space);
  }

  @Test
  void given_containerd_dies_then_pods_go_on_and_pods_that_were_about_to_start_do(
      PodSpace space, NodeUnderTest node) throws Exception {
    space.claim("stays");
    space.start(TestPod.staying("stays", "echo kept > /data/file").on("stays"));
    createMany(space);
    awaitFirstMount(space);

    node.killProgram("CONTAINERD_PID");
    node.bringBack();

    awaitMany(space);
    assertThat(space.exec("stays", "cat /data/file")).isEqualTo("kept\n");
    assertThat(node.restarts(space.pod("stays"))).isZero();
  }

  @Test
  void given_the_driver_dies_while_pods_run_then_they_go_on_and_volumes_come_and_go_afterwards(
      PodSpace space, NodeUnderTest node) throws Exception {
    space.claim("stays");
    space.claim("goes");
    space.start(TestPod.staying("stays", "echo kept > /data/file").on("stays"));
    space.start(TestPod.staying("goes", "true").on("goes"));
    var goes = space.seenVolume("goes");

    var restarted = restart(node, node.driverPod());
    space.delete("goes");

    assertThat(space.exec("stays", "echo more >> /data/file; cat /data/file"))
        .isEqualTo("kept\nmore\n");
    restarted.await();
    eventually("its mounts are gone", () -> assertThat(space.mounts(goes)).isEmpty());
    assertThat(space.run(TestPod.once("again", "cat /data/file").on("stays")))
        .isEqualTo("kept\nmore\n");
  }

  @Test
  void given_the_driver_dies_while_pods_get_volumes_then_all_run_in_the_end(
      PodSpace space, NodeUnderTest node) throws Exception {
    createMany(space);
    awaitFirstMount(space);

    var restarted = restart(node, node.driverPod());

    restarted.await();
    awaitMany(space);
  }

  @Test
  void given_the_controller_dies_while_claims_are_served_then_all_are_and_nothing_leaks(
      PodSpace space, NodeUnderTest node) throws Exception {
    createMany(space);
    eventually("the first volume", () -> assertThat(space.volumes()).isNotEmpty());

    var restarted = restart(node, node.controllerPod());

    restarted.await();
    awaitMany(space);
    assertThat(space.volumes()).hasSize(PODS);
  }

  @Test
  void given_a_drained_node_when_it_is_back_then_the_pod_finds_its_data(
      PodSpace space, NodeUnderTest node) throws Exception {
    space.create(StatefulPods.of("set", 1, "hostname >> /data/file; cat /data/file"));
    space.awaitReady("set-0");
    var volume = space.seenVolume("data-set-0");
    var before = space.pod("set-0").getMetadata().getUid();

    try {
      node.cluster()
          .kubectl("drain", node.name(), "--ignore-daemonsets", "--force", "--timeout=50s");
      eventually(
          "a new pod waits for a node",
          () -> {
            assertThat(space.pod("set-0").getMetadata().getUid()).isNotEqualTo(before);
            assertThat(space.phase("set-0")).isEqualTo("Pending");
          });
      eventually("nothing is mounted", () -> assertThat(space.mounts(volume)).isEmpty());
    } finally {
      node.cluster().kubectl("uncordon", node.name());
    }

    eventually(
        "the new pod has the data",
        () -> assertThat(space.log("set-0")).isEqualTo("set-0\nset-0\nready\n"));
    node.awaitReady();
  }

  @Test
  void given_a_pod_deleted_by_force_then_its_volume_is_unmounted_and_free_for_the_next(
      PodSpace space) throws Exception {
    space.claim("data");
    space.start(TestPod.staying("forced", "echo kept > /data/file && sync").on("data"));

    space.deleteByForce("forced");

    assertThat(space.pod("forced")).isNull();
    assertThat(space.run(TestPod.once("next", "cat /data/file").on("data"))).isEqualTo("kept\n");
  }

  /** kubelet-and-cluster.md 16.15. */
  @Test
  void given_the_csidriver_object_goes_then_pods_go_on_and_new_ones_come_and_it_may_come_back(
      PodSpace space, NodeUnderTest node) throws Exception {
    var drivers = node.client().storage().v1().csiDrivers();
    var driver = drivers.withName(NodeUnderTest.DRIVER).get();
    space.claim("data");
    space.claim("other");
    space.start(TestPod.staying("before", "echo kept > /data/file").on("data"));

    drivers.withName(NodeUnderTest.DRIVER).delete();
    try {
      assertThat(space.run(TestPod.once("without", "echo 1 > /data/file").on("other"))).isEmpty();
      assertThat(space.exec("before", "cat /data/file")).isEqualTo("kept\n");
      space.deleteAndWait("before");
    } finally {
      node.client()
          .resource(
              new CSIDriverBuilder(driver)
                  .editMetadata()
                  .withResourceVersion(null)
                  .withUid(null)
                  .endMetadata()
                  .build())
          .create();
    }

    assertThat(space.run(TestPod.once("after", "cat /data/file").on("data"))).isEqualTo("kept\n");
  }

  private static void createMany(PodSpace space) {
    for (var name : many()) {
      space.claim(name);
      space.create(TestPod.once(name, "echo kept > /data/file && sync").on(name));
    }
  }

  private static void awaitMany(PodSpace space) {
    eventually(
        "all pods have written",
        () ->
            assertThat(many())
                .allSatisfy(name -> assertThat(space.phase(name)).isEqualTo("Succeeded")));
  }

  private static List<String> many() {
    return IntStream.range(0, PODS).mapToObj(n -> "many-" + n).toList();
  }

  private static void awaitFirstMount(PodSpace space) {
    eventually(
        "the first volume of many is mounted",
        () ->
            assertThat(space.volumes().stream().filter(each -> each.claim().startsWith("many")))
                .anySatisfy(volume -> assertThat(space.mounts(volume)).isNotEmpty()));
  }

  /** A container that was killed. */
  private record Killed(NodeUnderTest node, Pod pod, int restarts) {
    void await() {
      eventually(
          "kubelet has started it again",
          () -> assertThat(node.restarts(pod)).isGreaterThan(restarts));
      node.awaitReady();
    }
  }

  private static Killed restart(NodeUnderTest node, Pod pod) throws Exception {
    var killed = new Killed(node, pod, node.restarts(pod));
    node.killContainers(pod);
    return killed;
  }
}
