package io.csi4j.sidecars.attacher;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.simulator.Crash;
import io.csi4j.e2e.simulator.Effects;
import io.csi4j.e2e.simulator.SimulatedCluster;
import io.csi4j.e2e.simulator.SimulatedDriver;
import io.csi4j.sidecars.attacher.AttacherOptions.ErrorCodes;
import io.csi4j.sidecars.attacher.AttacherOptions.Listings;
import io.csi4j.sidecars.attacher.AttacherOptions.Working;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.CsiNode;
import io.csi4j.sidecars.kit.cluster.Secret;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.csi.AccessModes.Dialect;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Driver;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.metrics.Metrics;
import io.csi4j.sidecars.kit.metrics.QueueMetrics;
import io.csi4j.sidecars.kit.queue.BackOff;
import io.csi4j.sidecars.kit.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * The fixture of attacher.md 23: driver {@code csi/test}, volume {@code pv1} that is held already,
 * node {@code node1}. Cluster and driver outlive each life of an attacher.
 */
final class World {
  static final String OURS = "external-attacher/csi-test";
  static final ObjectKey ATTACHMENT = ObjectKey.cluster("va1");
  static final ObjectKey VOLUME = ObjectKey.cluster("pv1");
  static final ObjectKey NODE = ObjectKey.cluster("node1");
  static final String PATCH_ATTACHMENT = "patch volumeattachments.storage.k8s.io va1";
  static final String PATCH_STATUS = "patch volumeattachments.storage.k8s.io/status va1";
  static final String PATCH_VOLUME = "patch persistentvolumes pv1";

  static final DriverTraits PUBLISHES =
      new DriverTraits(new AttacherNames("csi/test"), true, true, false, Dialect.CLASSIC);
  static final DriverTraits LISTS =
      new DriverTraits(new AttacherNames("csi/test"), true, true, true, Dialect.CLASSIC);
  static final DriverTraits TRIVIAL =
      new DriverTraits(new AttacherNames("csi/test"), false, false, false, Dialect.CLASSIC);

  private static final Working WORKING =
      new Working(
          OptionalInt.empty(),
          new BackOff(ofSeconds(1), ofMinutes(5)),
          "",
          ErrorCodes.WRITTEN,
          new Listings(ofMinutes(1), 0));

  final SimulatedCluster cluster = new SimulatedCluster();
  final SimulatedDriver driver = new SimulatedDriver();
  final WriteFaults faults = new WriteFaults();

  World() {
    volumeAppears(OURS);
    nodeAppears("nodeID1");
  }

  void attachmentAppears() {
    attachmentAppears("csi/test");
  }

  void attachmentAppears(String attacher) {
    cluster.put(Attachment.KIND, attachment("va1", attacher, "node1"));
  }

  /** Of the volume to a node. */
  static ObjectNode attachment(String name, String attacher, String node) {
    var attachment = SimulatedCluster.object("", name);
    var spec = attachment.putObject("spec").put("attacher", attacher).put("nodeName", node);
    spec.putObject("source").put("persistentVolumeName", "pv1");
    // As the API server does.
    attachment.putObject("status").put("attached", false);
    return attachment;
  }

  void volumeAppears(String... finalizers) {
    var volume = SimulatedCluster.object("", "pv1");
    for (var finalizer : finalizers) {
      volume.withArray("/metadata/finalizers").add(finalizer);
    }
    var spec = volume.putObject("spec");
    spec.putArray("accessModes").add("ReadWriteMany");
    spec.putObject("csi").put("driver", "csi/test").put("volumeHandle", "handle1");
    cluster.put(Volume.KIND, volume);
  }

  void volumeVanishes() {
    cluster.change(
        Volume.KIND, VOLUME, object -> ((ObjectNode) object.get("metadata")).remove("finalizers"));
    cluster.delete(Volume.KIND, VOLUME);
  }

  void volumeNeedsSecret() {
    cluster.change(
        Volume.KIND,
        VOLUME,
        object ->
            object
                .withObject("/spec/csi/controllerPublishSecretRef")
                .put("namespace", "default")
                .put("name", "secret1"));
  }

  void secretAppears(Consumer<ObjectNode> data) {
    var secret = SimulatedCluster.object("default", "secret1");
    data.accept(secret.putObject("data"));
    cluster.put(Secret.KIND, secret);
  }

  void nodeAppears(String nodeId) {
    nodeAppears("node1", nodeId);
  }

  void nodeAppears(String name, String nodeId) {
    var node = SimulatedCluster.object("", name);
    var entry = node.putObject("spec").putArray("drivers").addObject();
    entry.put("name", "csi/test").put("nodeID", nodeId);
    cluster.put(CsiNode.KIND, node);
  }

  void nodeLosesDriver() {
    cluster.change(CsiNode.KIND, NODE, object -> object.remove("spec"));
  }

  void nodeVanishes() {
    cluster.delete(CsiNode.KIND, NODE);
  }

  /** As the attach/detach controller does when no pod needs the volume there any more. */
  void attachmentIsDeleted() {
    if (hasAttachment()) {
      cluster.delete(Attachment.KIND, ATTACHMENT);
    }
  }

  void volumeIsDeleted() {
    if (hasVolume()) {
      cluster.delete(Volume.KIND, VOLUME);
    }
  }

  boolean hasAttachment() {
    return cluster.has(Attachment.KIND, ATTACHMENT);
  }

  boolean hasVolume() {
    return cluster.has(Volume.KIND, VOLUME);
  }

  JsonNode attachment(String path) {
    return cluster.get(Attachment.KIND, ATTACHMENT).at(path);
  }

  String attachError() {
    return attachment("/status/attachError/message").asText();
  }

  String detachError() {
    return attachment("/status/detachError/message").asText();
  }

  boolean attached() {
    return attachment("/status/attached").asBoolean();
  }

  List<String> finalizersOfAttachment() {
    return texts(attachment("/metadata/finalizers"));
  }

  List<String> finalizersOfVolume() {
    return texts(cluster.get(Volume.KIND, VOLUME).at("/metadata/finalizers"));
  }

  private static List<String> texts(JsonNode list) {
    var texts = new ArrayList<String>();
    list.forEach(each -> texts.add(each.asText()));
    return texts;
  }

  Life life() {
    return life(PUBLISHES, faults);
  }

  Life life(DriverTraits traits, Effects effects) {
    return life(traits, effects, new ManualTime());
  }

  Life life(DriverTraits traits, Effects effects, ManualTime time) {
    var door = cluster.life(effects);
    return new Life(traits, new Doors(door, door, driver.life(effects)), time);
  }

  /** One to which it is nobody's turn who yields. */
  Life lifeAmongOthers() {
    var doors = new Doors(cluster.life(faults), cluster.life(Effects.NO_TURN), driver.life(faults));
    return new Life(PUBLISHES, doors, new ManualTime());
  }

  private record Doors(Cluster cluster, Cluster yielding, Driver driver) {}

  /** An attacher from its start to its end or crash. */
  final class Life {
    private static final Duration STEP = Duration.ofMillis(500);

    private final ManualTime time;
    private final AttacherLoops loops;
    private boolean started;

    private Life(DriverTraits traits, Doors doors, ManualTime time) {
      this.time = time;
      var metrics = new Metrics(time.now());
      var all =
          new AttacherLoops.Doors(
              doors.cluster(),
              doors.yielding(),
              doors.driver(),
              time,
              metrics,
              new QueueMetrics(metrics, time));
      loops = AttacherLoops.of(traits, WORKING, all);
    }

    /** Works until this much time has passed or the process has died; says whether it lives. */
    boolean live(Duration duration) {
      try {
        for (var left = duration; !left.isZero(); left = left.minus(STEP)) {
          cluster.deliver();
          if (!started) {
            started = true;
            loops.start();
          }
          time.pass(STEP);
        }
        return true;
      } catch (Crash _) {
        return false;
      }
    }

    void close() {
      loops.close();
    }

    /** Works on what there is to do now; no pause ends meanwhile. */
    void look() {
      live(STEP);
    }
  }
}
