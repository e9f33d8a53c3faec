package io.csi4j.e2e.sandbox.actors;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.csi4j.e2e.sandbox.actors.cluster.Kind;
import io.csi4j.e2e.sandbox.actors.csi.CsiFault;
import io.csi4j.e2e.sandbox.actors.node.PodWork;
import io.csi4j.e2e.sandbox.actors.view.Claim;
import io.csi4j.e2e.sandbox.actors.view.Volume;
import io.csi4j.e2e.sandbox.actors.view.VolumeNames;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.proto.csi.v1.NodePublishVolumeRequest;
import io.csi4j.proto.csi.v1.NodeServiceCapability.RPC;
import io.csi4j.proto.csi.v1.NodeStageVolumeRequest;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Kubelet's calls and directories. */
class NodeScenariosTest {

  private static World world(UnaryOperator<FakeNode> traits) throws Exception {
    var world = new World().node("n1", options -> options, traits);
    world.storageClass("fast", "Immediate");
    return world;
  }

  private static World running(UnaryOperator<FakeNode> traits) throws Exception {
    var world = world(traits);
    world.claim("c", "fast");
    world.pod("p", "c");
    world.runs("p");
    return world;
  }

  private static Path root(World world) {
    return world.actors().node("n1").root();
  }

  private static NodePublishVolumeRequest published(World world, int index)
      throws InvalidProtocolBufferException {
    var call = world.actors().history().calls("NodePublishVolume").get(index).call();
    return NodePublishVolumeRequest.parseFrom(call.request().toByteString());
  }

  private static NodeStageVolumeRequest staged(World world) throws InvalidProtocolBufferException {
    var call = world.actors().history().calls("NodeStageVolume").getFirst().call();
    return NodeStageVolumeRequest.parseFrom(call.request().toByteString());
  }

  private static void nothingIsLeft(World world) {
    world.eventually(
        "nothing is left",
        () -> {
          assertThat(files(root(world).resolve("pods"))).isEmpty();
          assertThat(files(root(world).resolve("plugins")))
              .noneMatch(file -> file.toString().endsWith("vol_data.json"));
          assertThat(world.fake("n1").staged()).isEmpty();
          assertThat(world.fake("n1").published()).isEmpty();
          assertThat(world.attachments()).isEmpty();
        });
  }

  private static List<Path> files(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (var found = Files.walk(folder)) {
      return found.filter(file -> !file.equals(folder)).toList();
    }
  }

  /** The story of a file: what one pod wrote, the next one reads. */
  @Test
  void given_a_pod_that_writes_when_another_comes_then_it_reads_the_file() throws Exception {
    var read = new AtomicReference<>("");
    PodWork work =
        pod -> {
          var file = java.util.Optional.ofNullable(pod.volumes().get("c")).orElseThrow();
          if (Json.text(pod.pod(), "metadata", "name").equals("writer")) {
            Files.writeString(file.resolve("file"), "kept");
          } else {
            read.set(Files.readString(file.resolve("file")));
          }
          return PodWork.End.SUCCEEDED;
        };
    try (var world = new World().node("n1", options -> options.withWork(work), fake -> fake)) {
      world.storageClass("fast", "Immediate");
      world.claim("c", "fast");
      world.pod("writer", "c");
      world.eventually(
          "written",
          () -> assertThat(world.findPod("writer").orElseThrow().phase()).isEqualTo("Succeeded"));
      nothingIsLeft(world);

      world.pod("reader", "c");

      world.eventually("read", () -> assertThat(read.get()).isEqualTo("kept"));
    }
  }

  /** Cluster scenario 23. */
  @Test
  void given_a_driver_that_does_not_stage_then_directories_are_there_and_nothing_is_staged()
      throws Exception {
    try (var world = running(FakeNode::cannotStage)) {
      assertThat(world.actors().history().calls("NodeStageVolume")).isEmpty();
      assertThat(published(world, 0).getStagingTargetPath()).isEmpty();
      var folder =
          root(world)
              .resolve("plugins/kubernetes.io/csi")
              .resolve(World.DRIVER)
              .resolve(VolumeNames.hash(world.volumeOf("c").handle()));
      assertThat(folder.resolve("globalmount")).isDirectory();
      assertThat(folder.resolve("vol_data.json")).content().contains("volumeHandle");

      world.deletePod("p");

      nothingIsLeft(world);
    }
  }

  /** Cluster scenario 24. */
  @Test
  void given_two_pods_with_one_claim_then_it_is_staged_once_and_published_twice() throws Exception {
    try (var world = running(fake -> fake)) {
      world.pod("q", "c");
      world.runs("q");
      var history = world.actors().history();
      assertThat(history.calls("NodeStageVolume")).hasSize(1);
      assertThat(history.calls("NodePublishVolume"))
          .extracting(call -> call.call().target())
          .doesNotHaveDuplicates()
          .hasSize(2);

      world.deletePod("p");
      world.gone(Kind.POD, "p");
      assertThat(history.calls("NodeUnstageVolume")).isEmpty();
      world.deletePod("q");

      nothingIsLeft(world);
      assertThat(history.calls("NodeUnstageVolume")).hasSize(1);
    }
  }

  /** Cluster scenario 25. */
  @Test
  void given_two_volume_objects_with_one_handle_then_there_is_one_staging_path() throws Exception {
    try (var world = running(fake -> fake)) {
      var twin = world.volumeOf("c").json().deepCopy();
      twin.putObject("metadata").put("name", "twin");
      twin.remove("status");
      Json.child(twin, "spec").remove("claimRef");
      Json.child(twin, "spec").put("persistentVolumeReclaimPolicy", "Retain");
      world.user().create(Kind.VOLUME, twin);
      world.claim("d", "fast", "ReadWriteOnce", ",\"volumeName\":\"twin\"");

      world.pod("q", "d");
      world.runs("q");

      assertThat(world.actors().history().calls("NodeStageVolume"))
          .extracting(call -> call.call().staging())
          .containsOnly(
              world.actors().history().calls("NodeStageVolume").getFirst().call().staging());
    }
  }

  /** Cluster scenario 26. */
  @Test
  void given_a_block_claim_then_the_pod_has_a_device_file_and_all_goes_again() throws Exception {
    try (var world = world(fake -> fake)) {
      world.claim("c", "fast", "ReadWriteOnce", ",\"volumeMode\":\"Block\"");
      var pod = world.pod("p", "c");
      world.runs("p");
      var name = world.volumeOf("c").name();
      var devices = root(world).resolve("plugins/kubernetes.io/csi/volumeDevices");
      assertThat(staged(world).getStagingTargetPath())
          .isEqualTo(devices.resolve("staging").resolve(name).toString());
      assertThat(published(world, 0).getTargetPath())
          .isEqualTo(devices.resolve("publish").resolve(name).resolve(pod.uid()).toString());
      assertThat(published(world, 0).getVolumeCapability().hasBlock()).isTrue();
      assertThat(
              root(world)
                  .resolve("pods/%s/volumeDevices/kubernetes.io~csi/%s".formatted(pod.uid(), name)))
          .isSymbolicLink();

      world.deletePod("p");

      nothingIsLeft(world);
    }
  }

  /** Cluster scenario 27. */
  @Test
  void given_a_stage_of_unknown_outcome_when_the_pod_goes_then_it_is_unstaged() throws Exception {
    try (var world = world(fake -> fake)) {
      world
          .actors()
          .csiFaults()
          .next(
              99, "NodeStageVolume", new CsiFault.FailAfter(Status.Code.DEADLINE_EXCEEDED, "slow"));
      world.claim("c", "fast");
      world.pod("p", "c");
      world.eventually("told", () -> assertThat(world.told("p", "FailedMount")).isTrue());

      world.deletePod("p");

      nothingIsLeft(world);
      assertThat(world.actors().history().calls("NodeUnstageVolume")).isNotEmpty();
    }
  }

  /** Cluster scenario 28. */
  @Test
  void given_a_stage_that_fails_for_good_then_the_folder_goes_and_it_is_tried_again()
      throws Exception {
    try (var world = world(fake -> fake)) {
      world
          .actors()
          .csiFaults()
          .next(2, "NodeStageVolume", new CsiFault.Fail(Status.Code.INTERNAL, "no"));
      world.claim("c", "fast");

      world.pod("p", "c");
      world.eventually("told", () -> assertThat(world.told("p", "FailedMount")).isTrue());
      world.runs("p");

      assertThat(world.actors().history().calls("NodeStageVolume")).hasSize(3);
    }
  }

  /** Cluster scenario 29. */
  @Test
  void given_a_publish_that_fails_for_good_then_the_target_goes_and_it_is_tried_again()
      throws Exception {
    try (var world = world(fake -> fake)) {
      world
          .actors()
          .csiFaults()
          .next(1, "NodePublishVolume", new CsiFault.Fail(Status.Code.INTERNAL, "no"));
      world.claim("c", "fast");

      world.pod("p", "c");
      world.runs("p");

      assertThat(world.told("p", "FailedMount")).isTrue();
      assertThat(world.actors().history().calls("NodePublishVolume")).hasSize(2);
    }
  }

  /** Cluster scenario 30. */
  @Test
  void given_an_unpublish_that_fails_three_times_then_the_pod_stays_until_it_succeeds()
      throws Exception {
    try (var world = running(fake -> fake)) {
      world
          .actors()
          .csiFaults()
          .next(3, "NodeUnpublishVolume", new CsiFault.Fail(Status.Code.INTERNAL, "busy"));

      world.deletePod("p");

      world.eventually(
          "tried",
          () -> assertThat(world.actors().history().calls("NodeUnpublishVolume")).isNotEmpty());
      assertThat(world.findPod("p").orElseThrow().deleting()).isTrue();
      for (var round = 0; round < 3; round++) {
        var tries = round + 2;
        world.actors().time().advance(java.time.Duration.ofSeconds(5));
        world.eventually(
            "tried again",
            () ->
                assertThat(world.actors().history().calls("NodeUnpublishVolume"))
                    .hasSizeGreaterThanOrEqualTo(tries));
      }
      world.gone(Kind.POD, "p");
      nothingIsLeft(world);
    }
  }

  /** Cluster scenario 31. */
  @Test
  void given_a_mounted_volume_when_kubelet_restarts_then_it_is_staged_and_published_again()
      throws Exception {
    try (var world = running(fake -> fake)) {
      world.actors().node("n1").restartKubelet();

      world.eventually(
          "published again",
          () -> assertThat(world.actors().history().calls("NodePublishVolume")).hasSize(2));
      assertThat(world.fake("n1").published()).hasSize(1);
      assertThat(world.actors().history().calls("NodeStageVolume")).hasSize(2);
      assertThat(world.actors().history().calls("NodeUnstageVolume")).isEmpty();
    }
  }

  /** Cluster scenario 32. */
  @Test
  void given_a_kubelet_that_was_away_when_its_pod_has_gone_then_it_cleans_up_by_its_files()
      throws Exception {
    try (var world = running(fake -> fake)) {
      world.actors().node("n1").stopKubelet();
      world.delete(Kind.POD, "p");

      world.actors().node("n1").startKubelet();

      nothingIsLeft(world);
      assertThat(world.actors().history().calls("NodeUnpublishVolume")).hasSize(1);
      assertThat(world.actors().history().calls("NodeUnstageVolume")).hasSize(1);
    }
  }

  /** Cluster scenario 33. */
  @Test
  void given_a_node_that_reboots_then_its_volumes_are_mounted_again() throws Exception {
    try (var world = running(fake -> fake)) {
      world.actors().node("n1").stopKubelet();
      world.fake("n1").reboot();

      world.actors().node("n1").startKubelet();

      world.eventually(
          "mounted",
          () -> {
            assertThat(world.fake("n1").staged()).hasSize(1);
            assertThat(world.fake("n1").published()).hasSize(1);
          });
    }
  }

  /** Cluster scenario 34. */
  @Test
  void given_pod_info_on_mount_then_the_driver_learns_five_things() throws Exception {
    try (var world = world(fake -> fake)) {
      world.driverObject("{\"podInfoOnMount\":true}");
      world.claim("c", "fast");

      var pod = world.pod("p", "c");
      world.runs("p");

      var prefix = "csi.storage.k8s.io/";
      assertThat(published(world, 0).getVolumeContextMap())
          .containsEntry(prefix + "pod.name", "p")
          .containsEntry(prefix + "pod.namespace", "default")
          .containsEntry(prefix + "pod.uid", pod.uid())
          .containsEntry(prefix + "serviceAccount.name", "default")
          .containsEntry(prefix + "ephemeral", "false")
          .containsEntry("made-by", "fake");
    }
  }

  private static String inline(String more) {
    return "{\"name\":\"scratch\",\"csi\":{\"driver\":\"%s\"%s}}".formatted(World.DRIVER, more);
  }

  /** Cluster scenario 35. */
  @Test
  void given_an_inline_volume_then_it_is_only_published_and_unpublished() throws Exception {
    try (var world = new World().node("n1")) {
      world.driverObject(
          "{\"podInfoOnMount\":true,\"volumeLifecycleModes\":[\"Ephemeral\"],\"attachRequired\":false}");

      var pod = world.podOf("p", "", List.of(inline("")));
      world.runs("p");

      var request = published(world, 0);
      assertThat(request.getVolumeId()).isEqualTo(VolumeNames.inlineHandle(pod.uid(), "scratch"));
      assertThat(request.getVolumeContextMap())
          .containsEntry("csi.storage.k8s.io/ephemeral", "true");
      world.deletePod("p");
      world.gone(Kind.POD, "p");
      nothingIsLeft(world);
      assertThat(world.actors().history().calls("NodeStageVolume")).isEmpty();
      assertThat(world.actors().history().calls("NodeUnpublishVolume")).hasSize(1);
    }
  }

  /** Cluster scenario 36. */
  @Test
  void given_a_driver_without_ephemeral_volumes_when_a_pod_wants_one_then_it_is_never_called()
      throws Exception {
    try (var world = new World().node("n1")) {
      world.driverObject("{\"podInfoOnMount\":true}");

      world.podOf("p", "", List.of(inline("")));

      world.eventually("told", () -> assertThat(world.told("p", "FailedMount")).isTrue());
      assertThat(world.actors().history().calls("NodePublishVolume")).isEmpty();
    }
  }

  /** Cluster scenarios 38 to 40. */
  @Test
  void given_a_group_then_driver_or_kubelet_sets_it_by_capability_and_policy() throws Exception {
    var group = ",\"securityContext\":{\"fsGroup\":4711}";
    try (var world = world(fake -> fake.can(RPC.Type.VOLUME_MOUNT_GROUP))) {
      world.claim("c", "fast");
      world.podWith("p", group, "c");
      world.runs("p");
      assertThat(staged(world).getVolumeCapability().getMount().getVolumeMountGroup())
          .isEqualTo("4711");
      assertThat(published(world, 0).getVolumeCapability().getMount().getVolumeMountGroup())
          .isEqualTo("4711");
      assertThat(groupOf(world)).isNotEqualTo(4711);
    }
    try (var world = world(fake -> fake)) {
      world.claim("c", "fast");
      world.podWith("p", group, "c");
      world.runs("p");
      assertThat(groupOf(world)).as("no file system type").isNotEqualTo(4711);
    }
    try (var world = world(fake -> fake)) {
      world.driverObject("{\"fsGroupPolicy\":\"File\"}");
      world.claim("c", "fast", "ReadWriteMany", "");
      world.podWith("p", group, "c");
      world.runs("p");
      assertThat(groupOf(world)).isEqualTo(4711);
    }
  }

  private static int groupOf(World world) throws IOException {
    return (Integer)
        Files.getAttribute(Path.of(world.fake("n1").published().iterator().next()), "unix:gid");
  }

  /** Cluster scenarios 43 to 45. */
  @Test
  void given_tokens_and_republishing_then_each_minute_brings_fresh_ones_and_nothing_is_staged()
      throws Exception {
    try (var world = world(fake -> fake)) {
      world.driverObject(
          "{\"requiresRepublish\":true,\"serviceAccountTokenInSecrets\":true,\"tokenRequests\":[{\"audience\":\"a\"},{\"audience\":\"b\",\"expirationSeconds\":600}]}");
      world.claim("c", "fast");
      world.pod("p", "c");
      world.runs("p");

      for (var minute = 2; minute <= 4; minute++) {
        var calls = minute;
        world.actors().time().advance(java.time.Duration.ofSeconds(59));
        assertThat(world.actors().history().calls("NodePublishVolume")).hasSizeLessThan(calls);
        // The minute begins when the node has seen the last answer, which may be after all of the
        // 59 s.
        world.eventually(
            "republished",
            () -> {
              if (world.actors().history().calls("NodePublishVolume").size() < calls) {
                world.actors().time().advance(java.time.Duration.ofSeconds(1));
              }
              assertThat(world.actors().history().calls("NodePublishVolume")).hasSize(calls);
            });
      }

      var key = "csi.storage.k8s.io/serviceAccount.tokens";
      assertThat(published(world, 0).getVolumeContextMap()).doesNotContainKey(key);
      var first = published(world, 0).getSecretsMap().get(key);
      assertThat(first).contains("\"a\":{\"token\"", "\"b\":{\"token\"", "expirationTimestamp");
      assertThat(published(world, 3).getSecretsMap().get(key)).isNotEqualTo(first);
      assertThat(world.actors().history().calls("NodeStageVolume")).hasSize(1);
      assertThat(world.fake("n1").published()).hasSize(1);
    }
  }

  /** Cluster scenario 51. */
  @Test
  void given_a_driver_that_tells_statistics_then_they_are_read_every_minute() throws Exception {
    try (var world = running(fake -> fake.can(RPC.Type.GET_VOLUME_STATS))) {
      world.actors().time().advance(java.time.Duration.ofSeconds(61));

      world.eventually("read", () -> assertThat(world.actors().node("n1").stats()).hasSize(1));
      var stats = world.actors().node("n1").stats().getFirst();
      assertThat(stats.claim()).isEqualTo("c");
      assertThat(stats.capacityBytes()).isEqualTo(1000);
      assertThat(stats.inodesUsed()).isEqualTo(4);
      world.fake("n1").hideUsage();
      world.actors().time().advance(java.time.Duration.ofSeconds(61));
      world.eventually(
          "read again",
          () -> assertThat(world.actors().history().calls("NodeGetVolumeStats")).hasSize(2));
      assertThat(world.findPod("p").orElseThrow().phase()).isEqualTo("Running");
    }
  }

  private static void grow(World world, String claimStatus) {
    var volume = world.volumeOf("c");
    world
        .user()
        .patch(
            Kind.VOLUME,
            "",
            volume.name(),
            Json.parseObject("{\"spec\":{\"capacity\":{\"storage\":\"2Gi\"}}}"));
    world
        .user()
        .patchStatus(
            Kind.CLAIM, "default", "c", Json.parseObject("{\"status\":%s}".formatted(claimStatus)));
  }

  private static final String PENDING =
      "{\"allocatedResourceStatuses\":{\"storage\":\"NodeResizePending\"},\"conditions\":[{\"type\":\"FileSystemResizePending\",\"status\":\"True\"}]}";

  /** Cluster scenario 52. */
  @Test
  void given_a_volume_that_grew_when_the_claim_waits_for_the_node_then_it_is_expanded()
      throws Exception {
    try (var world = running(fake -> fake.can(RPC.Type.EXPAND_VOLUME))) {
      grow(world, PENDING);

      world.eventually(
          "grown",
          () ->
              assertThat(world.findClaim("c").orElseThrow().capacity())
                  .isEqualByComparingTo(java.math.BigDecimal.valueOf(2L << 30)));
      var claim = world.findClaim("c").orElseThrow();
      assertThat(claim.resizeStatus()).isEmpty();
      assertThat(Json.at(claim.json(), "status", "conditions")).isEmpty();
      var call = world.actors().history().calls("NodeExpandVolume").getFirst().call();
      assertThat(call.target()).contains(Path.of(world.fake("n1").published().iterator().next()));
      assertThat(call.staging()).isPresent();
      world.eventually(
          "told", () -> assertThat(world.told("c", "FileSystemResizeSuccessful")).isTrue());
    }
  }

  /** Cluster scenarios 55 and 56. */
  @Test
  void given_an_expansion_that_cannot_be_then_the_claim_says_so_and_the_pod_runs_on()
      throws Exception {
    try (var world = running(fake -> fake.can(RPC.Type.EXPAND_VOLUME))) {
      world
          .actors()
          .csiFaults()
          .next(1, "NodeExpandVolume", new CsiFault.Fail(Status.Code.OUT_OF_RANGE, "too large"));

      grow(world, PENDING);

      world.eventually(
          "infeasible",
          () ->
              assertThat(world.findClaim("c").orElseThrow().resizeStatus())
                  .isEqualTo("NodeResizeInfeasible"));
      assertThat(world.findClaim("c").orElseThrow().json().toString()).contains("NodeResizeError");
      assertThat(world.findPod("p").orElseThrow().phase()).isEqualTo("Running");
    }
  }

  /** Cluster scenario 64. */
  @Test
  void given_a_generic_ephemeral_volume_when_the_pod_goes_then_claim_and_volume_go()
      throws Exception {
    try (var world = world(fake -> fake)) {
      world.podOf("p", "", List.of(EPHEMERAL));
      world.runs("p");
      assertThat(world.findClaim("p-scratch")).isPresent();

      world.deletePod("p");

      world.gone(Kind.CLAIM, "p-scratch");
      world.eventually("deleted", () -> assertThat(world.array().volumes()).isEmpty());
    }
  }

  private static final String EPHEMERAL =
      "{\"name\":\"scratch\",\"ephemeral\":{\"volumeClaimTemplate\":{\"spec\":{\"storageClassName\":\"fast\",\"accessModes\":[\"ReadWriteOnce\"],\"resources\":{\"requests\":{\"storage\":\"1Gi\"}}}}}}";

  /** Cluster scenario 65. */
  @Test
  void given_a_foreign_claim_of_the_ephemeral_name_then_the_pod_is_not_started() throws Exception {
    try (var world = world(fake -> fake)) {
      world.claim("p-scratch", "fast");

      world.podOf("p", "", List.of(EPHEMERAL));

      world.eventually("told", () -> assertThat(world.told("p", "FailedBinding")).isTrue());
      world.eventually("refused", () -> assertThat(world.told("p", "FailedScheduling")).isTrue());
      assertThat(world.findPod("p").orElseThrow().scheduled()).isFalse();
    }
  }

  /** A secret that is missing holds up the mount, and is no secret in what users read. */
  @Test
  void given_a_volume_with_a_secret_then_the_driver_gets_it_and_nobody_else() throws Exception {
    try (var world = world(fake -> fake)) {
      world.claim("c", "fast");
      world.eventually(
          "bound", () -> assertThat(world.findClaim("c").orElseThrow().phase()).isEqualTo("Bound"));
      var with = world.volumeOf("c").json().deepCopy();
      with.putObject("metadata").put("name", "with-secret");
      with.remove("status");
      Json.child(with, "spec").remove("claimRef");
      Json.child(with, "spec").put("persistentVolumeReclaimPolicy", "Retain");
      Json.child(Json.child(with, "spec"), "csi")
          .putObject("nodePublishSecretRef")
          .put("name", "s")
          .put("namespace", "default");
      world.user().create(Kind.VOLUME, with);
      world.claim("d", "fast", "ReadWriteOnce", ",\"volumeName\":\"with-secret\"");
      world.pod("p", "d");
      world.eventually("told", () -> assertThat(world.told("p", "FailedMount")).isTrue());

      world.create(Kind.SECRET, "s", "{\"stringData\":{\"key\":\"hush-hush\"}}");
      world.runs("p");

      assertThat(published(world, 0).getSecretsMap()).containsEntry("key", "hush-hush");
      assertThat(world.actors().history().text()).doesNotContain("hush-hush");
      assertThat(new Volume(with).claimed()).isFalse();
      assertThat(new Claim(Json.object()).bound()).isFalse();
    }
  }
}
