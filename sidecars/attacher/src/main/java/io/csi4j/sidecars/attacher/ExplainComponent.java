package io.csi4j.sidecars.attacher;

import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import io.csi4j.sidecars.attacher.AttachmentStory.Told;
import io.csi4j.sidecars.kit.cluster.ApiCluster;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.KubeConfig;
import io.csi4j.sidecars.kit.component.Component;
import io.csi4j.sidecars.kit.csi.DriverConnection;
import io.csi4j.sidecars.kit.csi.DriverFault;
import io.csi4j.sidecars.kit.csi.DriverIdentity;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.explain.Explanation;
import io.csi4j.sidecars.kit.explain.Form;
import io.csi4j.sidecars.kit.options.Flags;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Says what the attacher sees in one attachment and would do next, and ends. */
final class ExplainComponent implements Component {
  private static final Duration DRIVER_LIMIT = Duration.ofSeconds(2);

  private final ObjectKey key;
  private final Form form;
  private final AttacherOptions options;
  private final Time time;
  private final Consumer<String> out;

  ExplainComponent(Flags flags, Time time, Consumer<String> out) {
    this.time = time;
    this.out = out;
    var name = flags.requiredText("name", "which VolumeAttachment");
    flags.require(name.indexOf('/') < 0, "name", "NAME: an attachment is in no namespace");
    this.key = ObjectKey.cluster(name);
    this.form = Form.from(flags);
    this.options = AttacherOptions.from(flags);
  }

  @Override
  public void run() throws InterruptedException {
    var config = KubeConfig.load(options.connections().kubeconfig());
    try (var cluster = new ApiCluster(config, "csi4j-explain", time);
        var connection = new DriverConnection(options.connections().driver(), time)) {
      var story = new AttachmentStory(cluster, told(cluster, connection), time);
      fill(cluster);
      var explanation = story.tell(key);
      out.accept(form.of(explanation));
    }
  }

  private Told told(ApiCluster cluster, DriverConnection connection) {
    try {
      connection.awaitConnected(DRIVER_LIMIT);
      var driver = connection.identify(options.connections().timeout());
      return new Told(driver, true, options.working());
    } catch (DriverFault _) {
      // It is not here: the objects alone must do.
      var name = cluster.read(Attachment.KIND, key).map(Attachment::attacher).orElse("unknown");
      return new Told(assumed(name), false, options.working());
    }
  }

  /** Of all that are attached of a volume, whoever attaches them. */
  static List<Explanation> ofVolume(ApiCluster cluster, Told told, Time time, String volume)
      throws InterruptedException {
    AttachmentView.tables(cluster);
    fill(cluster);
    var attachments =
        cluster.list(Attachment.KIND).stream()
            .filter(attachment -> volume.equals(attachment.volumeName()))
            .sorted(Comparator.comparing(attachment -> attachment.meta().name()))
            .toList();
    if (attachments.isEmpty()) {
      return List.of(nowhere(volume));
    }
    return attachments.stream()
        .map(
            attachment -> {
              var ours = attachment.attacher().equals(told.driver().name());
              var by = ours ? told.driver() : assumed(attachment.attacher());
              return new AttachmentStory(cluster, new Told(by, ours, told.working()), time)
                  .tell(attachment.key());
            })
        .toList();
  }

  private static Explanation nowhere(String volume) {
    return new Explanation(
        "attachments of persistentvolume " + volume,
        "settled",
        "not-attached",
        "no VolumeAttachment names it: no pod that runs uses it, or its driver attaches nothing",
        List.of(),
        Map.of());
  }

  private static void fill(ApiCluster cluster) throws InterruptedException {
    cluster.start();
    cluster.awaitSynced();
  }

  /** The driver that the attachment names, which can do what matters here. */
  private static DriverIdentity assumed(String name) {
    return new DriverIdentity(
        name,
        Set.of(),
        Set.of(RPC.Type.PUBLISH_UNPUBLISH_VOLUME_VALUE, RPC.Type.PUBLISH_READONLY_VALUE));
  }

  @Override
  public void close() {
    // It ends by itself, and soon.
  }
}
