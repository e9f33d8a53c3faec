package io.csi4j.driver.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.csi4j.driver.local.AttachStep.AttachFacts;
import io.csi4j.driver.local.DeleteStep.DeleteFacts;
import io.csi4j.driver.spi.AccessMode;
import io.csi4j.driver.spi.AccessType;
import io.csi4j.driver.spi.AttachmentSpec;
import io.csi4j.driver.spi.BlockDevices.Content;
import io.csi4j.driver.spi.ContentSource;
import io.csi4j.driver.spi.Reason;
import io.csi4j.driver.spi.Secrets;
import io.csi4j.driver.spi.VolumeCapability;
import io.csi4j.driver.spi.Writing;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The table of driver.md 4.3, and what attachments mean for 4.2. */
class AttachStepTest {
  private static final VolumeRecord VOLUME =
      new VolumeRecord(
          "v1",
          "name",
          4096,
          new Content.FileSystem("ext4"),
          new TreeMap<>(),
          new TreeMap<>(),
          new ContentSource.Blank(),
          Stage.READY);
  private static final AttachmentRecord HERE =
      new AttachmentRecord("v1", "node-a", "mount ext4 SINGLE_NODE_WRITER READ_WRITE");

  @Test
  void given_volume_and_node_then_attaches() {
    assertThat(decide(spec("node-a", Writing.READ_WRITE), VOLUME, List.of(), 0))
        .isEqualTo(new AttachStep.Attach(HERE));
  }

  @Test
  void given_no_such_volume_then_not_found() {
    assertThat(reason(decide(spec("node-a", Writing.READ_WRITE), null, List.of(), 0)))
        .isEqualTo(Reason.NOT_FOUND);
  }

  @Test
  void given_no_such_node_then_not_found() {
    assertThat(reason(decide(spec("node-b", Writing.READ_WRITE), VOLUME, List.of(), 0)))
        .isEqualTo(Reason.NOT_FOUND);
  }

  @Test
  void given_attached_in_the_same_way_then_settled() {
    assertThat(decide(spec("node-a", Writing.READ_WRITE), VOLUME, List.of(HERE), 1))
        .isEqualTo(new AttachStep.Attached());
  }

  @Test
  void given_attached_in_another_way_then_already_exists() {
    assertThat(reason(decide(spec("node-a", Writing.READ_ONLY), VOLUME, List.of(HERE), 1)))
        .isEqualTo(Reason.ALREADY_EXISTS);
  }

  @Test
  void given_attached_elsewhere_then_refuses_and_names_the_node() {
    var elsewhere = new AttachmentRecord("v1", "node-old", HERE.use());

    var step = decide(spec("node-a", Writing.READ_WRITE), VOLUME, List.of(elsewhere), 0);

    assertThat(step)
        .isEqualTo(
            new AttachStep.Refuse(
                Reason.FAILED_PRECONDITION, "volume v1 is attached to node node-old"));
  }

  @Test
  void given_a_full_node_then_exhausted_but_what_is_attached_stays() {
    assertThat(reason(decide(spec("node-a", Writing.READ_WRITE), VOLUME, List.of(), 2)))
        .isEqualTo(Reason.RESOURCE_EXHAUSTED);
    assertThat(decide(spec("node-a", Writing.READ_WRITE), VOLUME, List.of(HERE), 2))
        .isEqualTo(new AttachStep.Attached());
  }

  @Test
  void given_an_attached_volume_when_deleted_then_refuses() {
    var step = DeleteStep.decide(new DeleteFacts(VOLUME, List.of(), List.of(HERE)));

    assertThat(step)
        .isEqualTo(
            new DeleteStep.Refuse(
                Reason.FAILED_PRECONDITION, "volume v1 is attached to node node-a"));
  }

  @Test
  void given_an_unused_or_unknown_volume_when_deleted_then_removes_or_settles() {
    assertThat(DeleteStep.decide(new DeleteFacts(VOLUME, List.of(), List.of())))
        .isEqualTo(new DeleteStep.Remove(VOLUME));
    assertThat(DeleteStep.decide(new DeleteFacts(null, List.of(), List.of())))
        .isEqualTo(new DeleteStep.Gone());
  }

  private static AttachStep decide(
      AttachmentSpec spec,
      @Nullable VolumeRecord volume,
      List<AttachmentRecord> attachments,
      long onNode) {
    return AttachStep.decide(new AttachFacts(spec, volume, "node-a", attachments, onNode, 2));
  }

  private static Reason reason(AttachStep step) {
    return ((AttachStep.Refuse) step).reason();
  }

  private static AttachmentSpec spec(String node, Writing writing) {
    var capability =
        new VolumeCapability(
            new AccessType.Mount("ext4", List.of()), AccessMode.SINGLE_NODE_WRITER);
    return new AttachmentSpec("v1", node, capability, writing, new TreeMap<>(), Secrets.none());
  }
}
