package io.csi4j.e2e.sandbox.actors;

import static io.csi4j.e2e.sandbox.actors.OneNode.nothingIsLeft;
import static io.csi4j.e2e.sandbox.actors.OneNode.published;
import static io.csi4j.e2e.sandbox.actors.OneNode.staged;
import static io.csi4j.e2e.sandbox.actors.OneNode.world;
import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.e2e.sandbox.actors.cluster.Kind;
import io.csi4j.e2e.sandbox.actors.view.Claim;
import io.csi4j.e2e.sandbox.actors.view.Volume;
import io.csi4j.e2e.sandbox.actors.view.VolumeNames;
import io.csi4j.e2e.sandbox.json.Json;
import io.csi4j.proto.csi.v1.NodeServiceCapability.RPC;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What a pod or its driver may want of a mount: who asks, groups, tokens, secrets, volumes of its
 * own.
 */
class PodVolumeScenariosTest {
  private static final String EPHEMERAL =
      "{\"name\":\"scratch\",\"ephemeral\":{\"volumeClaimTemplate\":{\"spec\":{\"storageClassName\":\"fast\",\"accessModes\":[\"ReadWriteOnce\"],\"resources\":{\"requests\":{\"storage\":\"1Gi\"}}}}}}";

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
        world.actors().time().advance(Duration.ofSeconds(59));
        assertThat(world.actors().history().calls("NodePublishVolume")).hasSizeLessThan(calls);
        // The minute begins when the node has seen the last answer, which may be after all of the
        // 59 s.
        world.eventually(
            "republished",
            () -> {
              if (world.actors().history().calls("NodePublishVolume").size() < calls) {
                world.actors().time().advance(Duration.ofSeconds(1));
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
