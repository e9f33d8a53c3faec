package io.csi4j.e2e.cluster;

import static io.csi4j.e2e.cluster.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;
import static org.junit.jupiter.api.parallel.ResourceAccessMode.READ;

import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a second node changes: volumes stay where they were made, the scheduler knows where that can
 * be, pods follow their volumes, and trouble of one node is none of the other. With a provisioner
 * on each node, as the layout for local volumes has it.
 */
@Tag("cluster")
@OnNode(layout = "distributed.yaml", nodes = 2)
class TwoNodesTest {
  /** A container that is about to start when its kubelet dies has failed for good. */
  private static final String SECOND_NODE = "the second node's kubelet";

  private static final String TOPOLOGY = "topology." + NodeUnderTest.DRIVER + "/node";
  private static final int FIRST = 1;
  private static final int SECOND = 2;

  /** kubelet-and-cluster.md 7.3. */
  @ParameterizedTest
  @Execution(CONCURRENT)
  @ResourceLock(value = SECOND_NODE, mode = READ)
  @ValueSource(ints = {FIRST, SECOND})
  void given_the_driver_on_both_then_each_node_tells_of_it_and_of_its_room(
      int number, NodeUnderTest node) {
    var name = node.name(number);
    var driver = node.driverOn(name);

    assertThat(driver.getNodeID()).isEqualTo(name);
    assertThat(driver.getTopologyKeys()).containsExactly(TOPOLOGY);
    eventually(
        "the room on " + name + " is known",
        () ->
            assertThat(room(node))
                .hasSize(2)
                .hasEntrySatisfying(
                    Map.of(TOPOLOGY, name),
                    room -> assertThat(room.getNumericalAmount()).isPositive()));
  }

  /** kubelet-and-cluster.md 16.2 and 16.3. */
  @ParameterizedTest
  @Execution(CONCURRENT)
  @ResourceLock(value = SECOND_NODE, mode = READ)
  @ValueSource(ints = {FIRST, SECOND})
  void given_late_binding_when_a_pod_is_scheduled_then_its_volume_is_made_there_and_only_there(
      int number, PodSpace space, NodeUnderTest node) throws Exception {
    space.claim("data");

    space.start(
        TestPod.staying("writer", "echo kept > /data/file").on("data").onNode(node.name(number)));

    assertThat(space.placesOf("data")).containsExactly(TOPOLOGY + "[" + node.name(number) + "]");
    assertThat(files(node, number, space)).isNotEmpty();
    assertThat(files(node, other(number), space)).isEmpty();
  }

  /** The scheduler would rather spread them: without a volume they are not all on one node. */
  @Test
  @Execution(CONCURRENT)
  @ResourceLock(value = SECOND_NODE, mode = READ)
  void given_a_volume_in_use_when_more_pods_need_it_then_all_follow_it(
      PodSpace space, NodeUnderTest node) {
    space.claim("data");
    space.start(
        TestPod.staying("first", "echo kept > /data/file").on("data").onNode(node.name(SECOND)));
    var followers = IntStream.range(0, 4).mapToObj(n -> "follower-" + n).toList();

    followers.forEach(
        name -> space.create(TestPod.staying(name, "grep kept /data/file").on("data")));

    followers.forEach(space::awaitReady);
    assertThat(followers)
        .allSatisfy(
            name ->
                assertThat(space.pod(name).getSpec().getNodeName()).isEqualTo(node.name(SECOND)));
  }

  @Test
  @Execution(CONCURRENT)
  @ResourceLock(value = SECOND_NODE, mode = READ)
  void given_a_volume_of_one_node_when_a_pod_insists_on_the_other_then_it_waits_and_says_why(
      PodSpace space, NodeUnderTest node) {
    space.claim("data");
    space.run(TestPod.once("writer", "true").on("data").onNode(node.name(SECOND)));

    space.create(TestPod.once("elsewhere", "true").on("data").onNode(node.name(FIRST)));

    eventually(
        "the scheduler has refused",
        () ->
            assertThat(space.events("elsewhere"))
                .anySatisfy(
                    event ->
                        assertThat(event.getMessage())
                            .contains("1 node(s) didn't match PersistentVolume's node affinity")));
    assertThat(space.phase("elsewhere")).isEqualTo("Pending");
  }

  @Test
  @Execution(CONCURRENT)
  @ResourceLock(value = SECOND_NODE, mode = READ)
  void given_a_claim_that_fits_on_no_node_when_a_pod_needs_it_then_it_waits_and_says_why(
      PodSpace space) {
    space.claim(
        "data",
        claim ->
            claim
                .editSpec()
                .editResources()
                .withRequests(Map.of("storage", new Quantity("1Ei")))
                .endResources()
                .endSpec());

    space.create(TestPod.once("waiting", "true").on("data"));

    eventually(
        "the scheduler has refused",
        () ->
            assertThat(space.events("waiting"))
                .anySatisfy(
                    event ->
                        assertThat(event.getMessage())
                            .contains("2 node(s) did not have enough free storage")));
    assertThat(space.volumes()).isEmpty();
  }

  /** kubelet-and-cluster.md 16.31. */
  @Test
  @ResourceLock(SECOND_NODE)
  void given_a_kubelet_is_gone_when_pod_and_claim_are_deleted_then_nothing_is_left_once_it_is_back(
      PodSpace space, NodeUnderTest node) throws Exception {
    space.claim("gone");
    space.start(
        TestPod.staying("gone", "echo kept > /data/file").on("gone").onNode(node.name(SECOND)));
    var volume = space.seenVolume("gone");

    node.killProgram("KUBELET_PID_2");
    space.deleteByForce("gone");
    space.deleteClaim("gone");

    space.claim("meanwhile");
    space.run(TestPod.once("meanwhile", "echo 1 > /data/file").on("meanwhile").onNode(node.name()));
    assertThat(space.pod("gone")).isNull();
    assertThat(node.leftovers(List.of(volume))).as("what is in use is not deleted").isNotEmpty();

    node.bringBack();
    eventually("nothing is left", () -> assertThat(node.leftovers(List.of(volume))).isEmpty());
  }

  /** As when the machine's power fails: all processes of the node are gone at once. */
  @Test
  @ResourceLock(SECOND_NODE)
  void given_a_node_falls_when_it_is_back_then_its_pods_are_with_their_data_and_others_never_cared(
      PodSpace space, NodeUnderTest node) throws Exception {
    for (var number : List.of(FIRST, SECOND)) {
      var name = "pod-" + number;
      space.claim(name);
      space.start(
          lasting(name, "hostname >> /data/file && sync && cat /data/file", node.name(number)));
    }

    node.killProgram("NODE_PID_2");
    assertThat(space.exec("pod-1", "cat /data/file")).isEqualTo("pod-1\n");
    node.bringBack();

    eventually(
        "the pod has been started anew, and has its data",
        () -> assertThat(space.log("pod-2")).isEqualTo("pod-2\npod-2\nready\n"));
    assertThat(space.exec("pod-1", "cat /data/file")).isEqualTo("pod-1\n");
  }

  /** A pod that is started again wherever its node is. */
  private static TestPod lasting(String name, String command, String node) {
    return TestPod.staying(name, command)
        .on(name)
        .onNode(node)
        .changed(pod -> pod.editSpec().withRestartPolicy("Always").endSpec());
  }

  /** How much can be had where, as the scheduler is told. */
  private static Map<Map<String, String>, Quantity> room(NodeUnderTest node) {
    return node
        .client()
        .storage()
        .v1()
        .csiStorageCapacities()
        .inNamespace(NodeUnderTest.SYSTEM)
        .list()
        .getItems()
        .stream()
        .filter(each -> each.getStorageClassName().equals(NodeUnderTest.CLASS))
        .collect(
            Collectors.toMap(
                each -> each.getNodeTopology().getMatchLabels(), each -> each.getCapacity()));
  }

  /** The driver's files of the test's volumes on one node. */
  private static List<String> files(NodeUnderTest node, int number, PodSpace space)
      throws IOException {
    return NodeUnderTest.leftovers(node.cluster().node(number), space.volumes()).stream()
        .filter(each -> each.startsWith("file "))
        .toList();
  }

  private static int other(int number) {
    return FIRST + SECOND - number;
  }
}
