package io.csi4j.sidecars.attacher;

import static io.csi4j.sidecars.attacher.Worlds.OURS;
import static io.csi4j.sidecars.attacher.Worlds.meta;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.csi4j.e2e.simulator.Effects;
import io.csi4j.e2e.simulator.SimulatedCluster;
import io.csi4j.sidecars.attacher.AttacherOptions.ErrorCodes;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.time.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The patches of attacher.md 10, by what the API server makes of them. */
class AttachmentWriterTest {
  private static final ObjectKey KEY = ObjectKey.cluster("csi-1");

  private final SimulatedCluster cluster = new SimulatedCluster();
  private final ManualTime time = new ManualTime();
  private final AttachmentWriter writer =
      new AttachmentWriter(cluster.life(Effects.QUIET), time, OURS, ErrorCodes.WRITTEN);

  @BeforeEach
  void stored() {
    var attachment = SimulatedCluster.object("", "csi-1");
    attachment.putObject("status").put("attached", false);
    cluster.put(Attachment.KIND, attachment);
    time.pass(Duration.ofMillis(1500));
  }

  /** What others have put there stays, and so does what we do not even keep in memory. */
  @Test
  void given_finalizers_and_annotations_of_others_when_it_is_held_then_theirs_stay() {
    cluster.change(
        Attachment.KIND,
        KEY,
        object -> {
          object.withObject("/metadata/annotations").put("a", "b");
          object.withArray("/metadata/finalizers").add("other/f");
        });

    writer.holdAttachment(seen(List.of("other/f")), "a.iqn");

    assertThat(cluster.get(Attachment.KIND, KEY).at("/metadata/annotations").toString())
        .isEqualTo("{\"a\":\"b\",\"csi.alpha.kubernetes.io/node-id\":\"a.iqn\"}");
    assertThat(cluster.get(Attachment.KIND, KEY).at("/metadata/finalizers").toString())
        .isEqualTo("[\"other/f\",\"%s\"]".formatted(OURS));
  }

  @Test
  void given_it_is_held_when_the_node_has_another_id_then_only_that_is_written() {
    writer.holdAttachment(seen(List.of()), "a.iqn");

    writer.holdAttachment(seen(List.of(OURS)), "b.iqn");

    assertThat(cluster.get(Attachment.KIND, KEY).at("/metadata/finalizers").size()).isEqualTo(1);
    assertThat(cluster.get(Attachment.KIND, KEY).at("/metadata/annotations").toString())
        .isEqualTo("{\"csi.alpha.kubernetes.io/node-id\":\"b.iqn\"}");
  }

  /** A merge patch replaces lists as a whole: from an old view it would undo what others did. */
  @Test
  void given_it_has_changed_since_it_was_seen_when_it_is_held_then_nothing_is_written() {
    var old = seen(List.of());
    cluster.change(
        Attachment.KIND, KEY, object -> object.withArray("/metadata/finalizers").add("other/f"));

    assertThatThrownBy(() -> writer.holdAttachment(old, "a.iqn"))
        .isInstanceOf(ApiFailure.Conflict.class);
    assertThat(cluster.get(Attachment.KIND, KEY).at("/metadata/finalizers").toString())
        .isEqualTo("[\"other/f\"]");
  }

  /** Scenarios 19, 29 and 30. */
  @Test
  void given_an_attach_error_when_it_is_attached_then_the_error_is_gone_and_the_context_there() {
    writer.attachFailed(now(), "no route", Code.RESOURCE_EXHAUSTED);
    assertThat(status())
        .isEqualTo(
            "{\"attached\":false,\"attachError\":{\"message\":\"no route\","
                + "\"time\":\"1970-01-01T00:00:01Z\",\"errorCode\":8}}");

    writer.attached(now(), Map.of("foo", "bar"));

    assertThat(status()).isEqualTo("{\"attached\":true,\"attachmentMetadata\":{\"foo\":\"bar\"}}");
  }

  @Test
  void given_no_code_of_the_driver_when_it_failed_then_none_is_written() {
    writer.attachFailed(now(), "no such volume", null);

    assertThat(cluster.get(Attachment.KIND, KEY).at("/status/attachError").has("errorCode"))
        .isFalse();
  }

  /** Scenario 60. */
  @Test
  void given_a_detach_error_when_it_is_detached_then_error_and_context_are_gone() {
    writer.attached(now(), Map.of("foo", "bar"));
    writer.detachFailed(now(), "busy");

    writer.detached(now());

    assertThat(status()).isEqualTo("{\"attached\":false}");
  }

  /** Scenario 59. */
  @Test
  void given_it_is_gone_when_it_is_released_then_that_is_as_good() {
    cluster.delete(Attachment.KIND, KEY);

    assertThat(writer.releaseAttachment(meta("csi-1", true, List.of(OURS), Map.of())))
        .isEqualTo(new AttachmentWriter.Left.Gone());
  }

  /** The attachment of the same volume to the same node has the same name each time. */
  @Test
  void given_its_successor_is_there_when_a_write_comes_late_then_the_successor_is_not_touched() {
    var old = seen(List.of(OURS));
    cluster.delete(Attachment.KIND, KEY);
    var successor = SimulatedCluster.object("", "csi-1");
    successor.withArray("/metadata/finalizers").add(OURS);
    successor.putObject("status").put("attached", false);
    cluster.put(Attachment.KIND, successor);
    var before = cluster.get(Attachment.KIND, KEY).toString();

    for (var late :
        List.<ThrowingCallable>of(
            () -> writer.releaseAttachment(old),
            () -> writer.attached(old, Map.of()),
            () -> writer.detachFailed(old, "late"),
            () -> writer.holdAttachment(old, "x"))) {
      assertThatThrownBy(late).isInstanceOf(ApiFailure.Conflict.class);
    }

    assertThat(cluster.get(Attachment.KIND, KEY)).hasToString(before);
  }

  private Meta now() {
    return seen(List.of());
  }

  private String status() {
    return cluster.get(Attachment.KIND, KEY).get("status").toString();
  }

  private Meta seen(List<String> finalizers) {
    var version = cluster.get(Attachment.KIND, KEY).at("/metadata/resourceVersion").asText();
    var uid = cluster.get(Attachment.KIND, KEY).at("/metadata/uid").asText();
    return new Meta(KEY, uid, version, false, finalizers, Map.of(), Map.of());
  }
}
