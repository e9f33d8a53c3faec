package io.csi4j.e2e.cluster;

import static io.csi4j.e2e.cluster.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.TopologySelectorTermBuilder;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a volume keeps, where it may be used, and by whom: all in pods on a real node. */
@Tag("cluster")
@OnNode
class VolumesOfPodsTest {
  private static final String TOPOLOGY = "topology." + NodeUnderTest.DRIVER + "/node";

  /** kubelet-and-cluster.md 7.3. */
  @Test
  @Execution(CONCURRENT)
  void given_the_driver_runs_then_node_and_csinode_tell_of_it(NodeUnderTest node) {
    var driver = node.driverOn(node.name());
    var metadata = node.client().nodes().withName(node.name()).get().getMetadata();

    assertThat(driver.getNodeID()).isEqualTo(node.name());
    assertThat(driver.getTopologyKeys()).containsExactly(TOPOLOGY);
    assertThat(metadata.getLabels()).containsEntry(TOPOLOGY, node.name());
    assertThat(metadata.getAnnotations().get("csi.volume.kubernetes.io/nodeid"))
        .contains("\"%s\":\"%s\"".formatted(NodeUnderTest.DRIVER, node.name()));
  }

  @ParameterizedTest
  @Execution(CONCURRENT)
  // mkfs.xfs makes nothing smaller.
  @CsvSource({"ext4, 16Mi", "xfs, 300Mi"})
  void given_a_file_system_when_another_pod_comes_then_it_finds_the_data(
      String fileSystem, String size, PodSpace space) {
    var storageClass =
        space.storageClass(
            made -> made.withParameters(Map.of("csi.storage.k8s.io/fstype", fileSystem)));
    space.claim(
        "data",
        claim ->
            claim
                .editSpec()
                .withStorageClassName(storageClass)
                .editResources()
                .withRequests(Map.of("storage", new Quantity(size)))
                .endResources()
                .endSpec());
    space.run(TestPod.once("writer", "echo kept > /data/file && sync").on("data"));

    var seen =
        space.run(
            TestPod.once(
                    "reader", "cat /data/file && awk '$2 == \"/data\" {print $3}' /proc/mounts")
                .on("data"));

    assertThat(seen).isEqualTo("kept\n%s\n".formatted(fileSystem));
  }

  /** kubelet-and-cluster.md 16.26. */
  @Test
  @Execution(CONCURRENT)
  void given_raw_block_when_another_pod_comes_then_it_finds_the_data(PodSpace space) {
    space.claim("data", claim -> claim.editSpec().withVolumeMode("Block").endSpec());
    space.run(
        TestPod.once("writer", "printf kept | dd of=/dev/data bs=1 seek=1000000 conv=notrunc,fsync")
            .onDevice("data"));

    var seen =
        space.run(
            TestPod.once(
                    "reader",
                    "test -b /dev/data && dd if=/dev/data bs=1 skip=1000000 count=4 2>/dev/null")
                .onDevice("data"));

    assertThat(seen).isEqualTo("kept");
  }

  /** kubelet-and-cluster.md 16.2 and 16.3. */
  @Test
  @Execution(CONCURRENT)
  void given_late_binding_when_a_pod_comes_then_the_volume_is_made_for_its_node(
      PodSpace space, NodeUnderTest node) {
    space.claim("data");
    eventually(
        "Kubernetes waits for a pod",
        () -> assertThat(eventReasons(space, "data")).contains("WaitForFirstConsumer"));
    assertThat(space.getClaim("data").getStatus().getPhase()).isEqualTo("Pending");

    space.run(TestPod.once("writer", "true").on("data"));

    assertThat(space.getClaim("data").getMetadata().getAnnotations())
        .containsEntry("volume.kubernetes.io/selected-node", node.name());
    assertThat(space.placesOf("data")).containsExactly(TOPOLOGY + "[" + node.name() + "]");
  }

  @Test
  @Execution(CONCURRENT)
  void given_a_class_for_another_place_when_a_pod_comes_then_it_waits_and_no_volume_is_made(
      PodSpace space, NodeUnderTest node) {
    var elsewhere =
        space.storageClass(
            made ->
                made.withAllowedTopologies(
                    new TopologySelectorTermBuilder()
                        .addNewMatchLabelExpression()
                        .withKey(TOPOLOGY)
                        .withValues("another-node")
                        .endMatchLabelExpression()
                        .build()));
    space.claim("data", claim -> claim.editSpec().withStorageClassName(elsewhere).endSpec());

    space.create(TestPod.once("waiting", "true").on("data"));

    eventually(
        "the scheduler has refused",
        () -> assertThat(eventReasons(space, "waiting")).contains("FailedScheduling"));
    assertThat(space.phase("waiting")).isEqualTo("Pending");
    assertThat(node.volumes().of(space.name())).isEmpty();
  }

  @Test
  @Execution(CONCURRENT)
  void given_a_claim_used_read_only_then_it_can_be_read_and_not_written(PodSpace space) {
    space.claim("data");
    space.run(TestPod.once("writer", "echo kept > /data/file").on("data"));

    var seen =
        space.run(
            TestPod.once(
                    "reader", "cat /data/file; { echo changed > /data/file; } 2>&1 || echo refused")
                .reading("data"));

    assertThat(seen).startsWith("kept\n").contains("Read-only file system").endsWith("refused\n");
    assertThat(space.run(TestPod.once("again", "cat /data/file").on("data"))).isEqualTo("kept\n");
  }

  @Test
  @Execution(CONCURRENT)
  void given_read_write_once_pod_when_a_second_pod_comes_then_it_waits_for_the_first(
      PodSpace space) {
    space.claim("data", claim -> claim.editSpec().withAccessModes("ReadWriteOncePod").endSpec());
    space.start(TestPod.staying("first", "echo kept > /data/file").on("data"));

    space.create(TestPod.once("second", "cat /data/file").on("data"));
    eventually(
        "the scheduler has refused",
        () -> assertThat(eventReasons(space, "second")).contains("FailedScheduling"));
    assertThat(space.phase("second")).isEqualTo("Pending");

    space.delete("first");
    eventually(
        "the second has its turn", () -> assertThat(space.phase("second")).isEqualTo("Succeeded"));
    assertThat(space.log("second")).isEqualTo("kept\n");
  }

  /** kubelet-and-cluster.md 16.24. */
  @Test
  @Execution(CONCURRENT)
  void given_two_pods_on_one_claim_then_both_write_and_one_goes_without_the_other(PodSpace space)
      throws Exception {
    space.claim("data");
    space.start(TestPod.staying("one", "echo 1 > /data/one").on("data"));
    space.start(TestPod.staying("two", "echo 2 > /data/two").on("data"));

    space.deleteAndWait("one");

    assertThat(space.exec("two", "cat /data/one /data/two")).isEqualTo("1\n2\n");
  }

  @Test
  @Execution(CONCURRENT)
  void given_an_fs_group_when_not_root_then_it_writes_and_files_are_the_groups(PodSpace space) {
    space.claim("data");
    var seen =
        space.run(
            TestPod.once("writer", "echo kept > /data/file && stat -c %u:%g /data/file /data")
                .on("data")
                .changed(
                    pod ->
                        pod.editSpec()
                            .withNewSecurityContext()
                            .withRunAsUser(1000L)
                            .withRunAsGroup(3000L)
                            .withFsGroup(2345L)
                            .endSecurityContext()
                            .endSpec()));

    assertThat(seen).isEqualTo("1000:2345\n0:2345\n");
  }

  @Test
  @Execution(CONCURRENT)
  void given_a_sub_path_then_the_pod_sees_only_that_folder(PodSpace space) {
    space.claim("data");
    space.run(TestPod.once("writer", "mkdir /data/in && echo kept > /data/in/file").on("data"));

    var volume = TestPod.once("any", "true").on("data").pod().getSpec().getVolumes().getFirst();
    var seen = space.run(TestPod.once("reader", "cat /data/file; ls /data").with(volume, "in"));

    assertThat(seen).isEqualTo("kept\nfile\n");
  }

  /** kubelet-and-cluster.md 16.64. */
  @Test
  @Execution(CONCURRENT)
  void given_a_generic_ephemeral_volume_when_the_pod_goes_then_the_volume_goes_with_it(
      PodSpace space, NodeUnderTest node) {
    var template = PodSpace.claimOf("ignored").build();
    var volume =
        new VolumeBuilder()
            .withName("scratch")
            .withNewEphemeral()
            .withNewVolumeClaimTemplate()
            .withSpec(template.getSpec())
            .endVolumeClaimTemplate()
            .endEphemeral()
            .build();
    space.start(TestPod.staying("user", "echo here > /data/file").with(volume, ""));
    assertThat(space.getClaim("user-scratch").getStatus().getPhase()).isEqualTo("Bound");
    assertThat(node.volumes().of(space.name())).hasSize(1);

    space.delete("user");

    eventually("the claim goes", () -> assertThat(space.getClaim("user-scratch")).isNull());
    eventually("the volume goes", () -> assertThat(space.leftovers()).isEmpty());
  }

  /** kubelet-and-cluster.md 16.35. */
  @Test
  @Execution(CONCURRENT)
  void given_an_inline_volume_then_it_comes_and_goes_with_its_pod(
      PodSpace space, NodeUnderTest node) throws Exception {
    var volume =
        new VolumeBuilder()
            .withName("scratch")
            .withNewCsi()
            .withDriver(NodeUnderTest.DRIVER)
            .endCsi()
            .build();
    space.start(TestPod.staying("user", "echo here > /data/file").with(volume, ""));
    var uid = space.pod("user").getMetadata().getUid();
    assertThat(node.cluster().mountsOnNode(uid))
        .anyMatch(line -> line.contains("kubernetes.io~csi/scratch/mount"));

    space.deleteAndWait("user");

    var seen = VolumesSeen.inline(space.name(), uid, "scratch");
    eventually("the volume goes", () -> assertThat(node.leftovers(List.of(seen))).isEmpty());
  }

  /** kubelet-and-cluster.md 16.51. */
  @Test
  @Execution(CONCURRENT)
  void given_a_mounted_volume_then_kubelet_tells_its_size_and_use(
      PodSpace space, NodeUnderTest node) {
    space.claim("data");
    space.start(TestPod.staying("user", "dd if=/dev/zero of=/data/file bs=1M count=4").on("data"));

    eventually(
        "kubelet has asked the driver",
        () -> {
          var seen = VolumeFigures.of(node.client(), node.name(), space.name(), "data");
          assertThat(seen.capacityBytes()).isBetween(10L << 20, 16L << 20);
          assertThat(seen.usedBytes()).isBetween(4L << 20, 6L << 20);
          assertThat(seen.availableBytes()).isBetween(1L << 20, seen.capacityBytes());
          assertThat(seen.inodes()).isPositive();
          assertThat(seen.inodesUsed()).isBetween(2L, 100L);
        });
  }

  @ParameterizedTest
  @Execution(CONCURRENT)
  @ValueSource(strings = {"Filesystem", "Block"})
  void given_a_clone_then_it_has_the_data_and_goes_its_own_way(String mode, PodSpace space) {
    var block = mode.equals("Block");
    space.claim("origin", claim -> claim.editSpec().withVolumeMode(mode).endSpec());
    space.run(on(TestPod.once("first", write(block, "kept")), "origin", block));

    space.claim("copy", claim -> cloneOf(claim, "origin", mode));
    var seen =
        space.run(on(TestPod.once("second", read(block) + write(block, "else")), "copy", block));
    var origin = space.run(on(TestPod.once("third", read(block)), "origin", block));

    assertThat(seen).isEqualTo("kept");
    assertThat(origin).isEqualTo("kept");
  }

  @Test
  @Execution(CONCURRENT)
  void given_twenty_pods_at_once_then_each_gets_its_own_volume(PodSpace space, NodeUnderTest node) {
    var names = IntStream.range(0, 20).mapToObj(n -> "many-" + n).toList();

    for (var name : names) {
      space.claim(name);
      space.create(
          TestPod.once(name, "test ! -e /data/file && echo %s > /data/file".formatted(name))
              .on(name));
    }

    eventually(
        "all have written",
        () ->
            assertThat(names)
                .allSatisfy(name -> assertThat(space.phase(name)).isEqualTo("Succeeded")));
    assertThat(node.volumes().of(space.name()))
        .extracting(VolumesSeen.Volume::handle)
        .doesNotHaveDuplicates()
        .hasSize(20);
  }

  @Test
  @Execution(CONCURRENT)
  void given_a_stateful_set_of_five_when_all_pods_go_then_each_finds_its_own_data_again(
      PodSpace space) {
    var names = IntStream.range(0, 5).mapToObj(n -> "set-" + n).toList();
    space.create(StatefulPods.of("set", 5, "hostname >> /data/file; cat /data/file"));
    names.forEach(space::awaitReady);

    var before = names.stream().map(name -> space.pod(name).getMetadata().getUid()).toList();
    names.forEach(space::delete);
    eventually(
        "each has a new pod",
        () ->
            assertThat(names)
                .allSatisfy(
                    name -> {
                      assertThat(before).doesNotContain(space.pod(name).getMetadata().getUid());
                      assertThat(space.log(name))
                          .isEqualTo("%s%n%s%n%s%n".formatted(name, name, TestPod.READY));
                    }));
  }

  private static PersistentVolumeClaimBuilder cloneOf(
      PersistentVolumeClaimBuilder claim, String origin, String mode) {
    return claim
        .editSpec()
        .withVolumeMode(mode)
        .withNewDataSource(null, "PersistentVolumeClaim", origin)
        .endSpec();
  }

  private static TestPod on(TestPod pod, String claim, boolean block) {
    return block ? pod.onDevice(claim) : pod.on(claim);
  }

  private static String write(boolean block, String word) {
    return block
        ? "printf %s | dd of=/dev/data conv=notrunc,fsync 2>/dev/null;".formatted(word)
        : "printf %s > /data/file && sync;".formatted(word);
  }

  private static String read(boolean block) {
    return block ? "dd if=/dev/data bs=4 count=1 2>/dev/null;" : "cat /data/file;";
  }

  private static List<String> eventReasons(PodSpace space, String object) {
    return space.events(object).stream().map(event -> event.getReason()).toList();
  }
}
