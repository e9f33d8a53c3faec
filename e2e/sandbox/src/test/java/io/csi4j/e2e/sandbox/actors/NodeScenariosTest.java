package io.csi4j.e2e.sandbox.actors;

import static io.csi4j.e2e.sandbox.actors.OneNode.nothingIsLeft;
import static io.csi4j.e2e.sandbox.actors.OneNode.published;
import static io.csi4j.e2e.sandbox.actors.OneNode.root;
import static io.csi4j.e2e.sandbox.actors.OneNode.running;
import static io.csi4j.e2e.sandbox.actors.OneNode.staged;
import static io.csi4j.e2e.sandbox.actors.OneNode.world;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.e2e.sandbox.actors.cluster.Kind;
import io.csi4j.e2e.sandbox.actors.csi.CsiFault;
import io.csi4j.e2e.sandbox.actors.node.PodWork;
import io.csi4j.e2e.sandbox.actors.view.VolumeNames;
import io.csi4j.e2e.sandbox.json.Json;
import io.grpc.Status;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Kubelet's calls and directories: staged and published, and all that can come between. */
class NodeScenariosTest {
  /** The story of a file: what one pod wrote, the next one reads. */
  @Test
  void given_a_pod_that_writes_when_another_comes_then_it_reads_the_file() throws Exception {
    var read = new AtomicReference<>("");
    PodWork work =
        pod -> {
          var file = Optional.ofNullable(pod.volumes().get("c")).orElseThrow();
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
        world.actors().time().advance(Duration.ofSeconds(5));
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
}
