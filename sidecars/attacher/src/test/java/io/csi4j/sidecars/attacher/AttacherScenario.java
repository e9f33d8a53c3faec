package io.csi4j.sidecars.attacher;

import static java.time.Duration.ofSeconds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.simulator.Invariant;
import io.csi4j.e2e.simulator.Invariants;
import io.csi4j.e2e.simulator.Scenario;
import io.csi4j.e2e.simulator.Scenario.UserAction;
import io.csi4j.e2e.simulator.SimulatedCluster;
import io.csi4j.e2e.simulator.World;
import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import io.csi4j.proto.csi.v1.PluginCapability.Service;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.CsiNode;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.csi.DriverIdentity;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.metrics.Metrics;
import io.csi4j.sidecars.kit.metrics.QueueMetrics;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.sidecar.Controllers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The attacher in a world where everything goes wrong: volumes for one node and for many are wanted
 * on two nodes, by turns and at once, given back while they are being attached, torn off by force;
 * nodes lose their driver and are lost themselves; volumes are deleted while they are attached. In
 * the end, what is wanted is attached, and nothing else.
 */
final class AttacherScenario {
  private static final String DRIVER = "csi/test";
  private static final List<String> NODES = List.of("n1", "n2");
  private static final DriverIdentity IDENTITY =
      new DriverIdentity(
          DRIVER,
          Set.of(Service.Type.CONTROLLER_SERVICE_VALUE),
          Set.of(
              RPC.Type.PUBLISH_UNPUBLISH_VOLUME_VALUE,
              RPC.Type.LIST_VOLUMES_VALUE,
              RPC.Type.LIST_VOLUMES_PUBLISHED_NODES_VALUE));

  private static final String OURS = new AttacherNames(DRIVER).finalizer();

  private AttacherScenario() {}

  static Scenario scenario() {
    return Scenario.of("attacher", AttacherScenario::controllers)
        .calls(new Scenario.Calls(ofSeconds(15), Attacher.IN_DOUBT))
        .before(AttacherScenario::before)
        .users(AttacherScenario::users)
        .holds(
            Invariant.always("I1: what is attached is remembered", AttacherScenario::forgotten),
            Invariant.always("I10: one node at a time", AttacherScenario::onTwoNodes),
            Invariant.atRest("what is wanted is attached", AttacherScenario::unattached),
            Invariant.atRest("nothing else is attached", AttacherScenario::unwanted),
            Invariants.deletionsDone(Attachment.KIND, Volume.KIND));
  }

  private static Controllers controllers(Scenario.Doors doors) {
    var metrics = new Metrics(Instant.EPOCH);
    var world =
        new Controllers.World(
            IDENTITY,
            doors.cluster(),
            doors.driver(),
            doors.journal(),
            _ -> {},
            metrics,
            new QueueMetrics(metrics, doors.time()),
            _ -> doors.cluster());
    // Longer than a run: the list of volumes would be an effect for ever.
    return Attacher.controllers(
        world, Flags.parse(List.of("--reconcile-sync=1000h")), doors.time());
  }

  private static void before(World world) {
    NODES.forEach(node -> world.cluster().put(CsiNode.KIND, csiNode(node)));
  }

  private static List<UserAction> users(Scenario.Draw draw) {
    var actions = new ArrayList<UserAction>();
    for (var n = 0; n < draw.size(); n++) {
      volume(draw, "pv-" + n, actions);
    }
    if (draw.random().nextInt(3) == 0) {
      nodeTrouble(draw, actions);
    }
    return actions;
  }

  /** A volume's life: now on this node, now on that, sometimes on both, sometimes deleted. */
  private static void volume(Scenario.Draw draw, String name, List<UserAction> actions) {
    var mode = draw.random().nextInt(3) == 0 ? "ReadWriteMany" : "ReadWriteOnce";
    var at = draw.moment(Duration.ZERO, ofSeconds(10));
    actions.add(
        new UserAction(
            at,
            "creates %s (%s)".formatted(name, mode),
            world -> world.cluster().put(Volume.KIND, pv(name, mode))));
    for (var turn = 0; turn < 1 + draw.random().nextInt(3); turn++) {
      var node = NODES.get(draw.random().nextInt(NODES.size()));
      var attachment = ObjectKey.cluster("csi-" + name + "-" + node);
      at = at.plus(draw.moment(Duration.ZERO, ofSeconds(3)));
      actions.add(
          new UserAction(
              at, "wants " + attachment.name(), world -> want(world, attachment, name, node)));
      if (draw.random().nextInt(3) > 0) {
        at = at.plus(draw.moment(Duration.ZERO, ofSeconds(20)));
        actions.add(
            new UserAction(
                at,
                "gives up " + attachment.name(),
                world -> delete(world, Attachment.KIND, attachment)));
      }
    }
    if (draw.random().nextInt(3) == 0) {
      end(draw, name, at, actions);
    }
  }

  /**
   * The volume is deleted, while it may still be attached; what holds it is given up in the end.
   */
  private static void end(
      Scenario.Draw draw, String name, Duration after, List<UserAction> actions) {
    var at = after.plus(draw.moment(Duration.ZERO, ofSeconds(10)));
    actions.add(
        new UserAction(
            at, "deletes " + name, world -> delete(world, Volume.KIND, ObjectKey.cluster(name))));
    for (var node : NODES) {
      var attachment = ObjectKey.cluster("csi-" + name + "-" + node);
      actions.add(
          new UserAction(
              at.plus(draw.moment(ofSeconds(1), ofSeconds(10))),
              "gives up " + attachment.name(),
              world -> delete(world, Attachment.KIND, attachment)));
    }
  }

  /** The driver leaves a node, or the node is lost; later it is back. */
  private static void nodeTrouble(Scenario.Draw draw, List<UserAction> actions) {
    var at = draw.moment(Duration.ZERO, ofSeconds(30));
    var node = ObjectKey.cluster(NODES.get(draw.random().nextInt(NODES.size())));
    actions.add(
        draw.random().nextBoolean()
            ? new UserAction(
                at,
                "takes the driver off " + node.name(),
                world ->
                    world.cluster().change(CsiNode.KIND, node, object -> object.remove("spec")))
            : new UserAction(
                at, "loses " + node.name(), world -> delete(world, CsiNode.KIND, node)));
    actions.add(
        new UserAction(
            at.plus(draw.moment(ofSeconds(1), ofSeconds(20))),
            "brings back " + node.name(),
            world -> world.cluster().put(CsiNode.KIND, csiNode(node.name()))));
  }

  private static void want(World world, ObjectKey key, String volume, String node) {
    if (!world.cluster().has(Attachment.KIND, key)
        && world.cluster().has(Volume.KIND, ObjectKey.cluster(volume))
        && !deleting(world.cluster().get(Volume.KIND, ObjectKey.cluster(volume)))) {
      var attachment = SimulatedCluster.object("", key.name());
      var spec = attachment.putObject("spec").put("attacher", DRIVER).put("nodeName", node);
      spec.putObject("source").put("persistentVolumeName", volume);
      attachment.putObject("status").put("attached", false);
      world.cluster().put(Attachment.KIND, attachment);
    }
  }

  private static void delete(World world, Kind<?> kind, ObjectKey key) {
    if (world.cluster().has(kind, key)) {
      world.cluster().delete(kind, key);
    }
  }

  private static ObjectNode csiNode(String name) {
    var node = SimulatedCluster.object("", name);
    var entry = node.putObject("spec").putArray("drivers").addObject();
    entry.put("name", DRIVER).put("nodeID", idOf(name));
    return node;
  }

  private static ObjectNode pv(String name, String mode) {
    var volume = SimulatedCluster.object("", name);
    var spec = volume.putObject("spec");
    spec.putArray("accessModes").add(mode);
    spec.putObject("csi").put("driver", DRIVER).put("volumeHandle", handleOf(name));
    return volume;
  }

  /** Attached on the storage, and no finalizer left to tell. */
  private static List<String> forgotten(World world) {
    var remembered =
        attachments(world)
            .filter(AttacherScenario::held)
            .filter(each -> world.cluster().has(Volume.KIND, ObjectKey.cluster(volumeOf(each))))
            .filter(
                each -> held(world.cluster().get(Volume.KIND, ObjectKey.cluster(volumeOf(each)))))
            .map(AttacherScenario::place)
            .toList();
    return world.driver().attached().stream().filter(each -> !remembered.contains(each)).toList();
  }

  private static List<String> onTwoNodes(World world) {
    var seen = new TreeSet<String>();
    return world.driver().attached().stream()
        .map(each -> each.substring(0, each.indexOf('@')))
        .filter(handle -> !seen.add(handle))
        .filter(handle -> single(world, handle))
        .toList();
  }

  private static boolean single(World world, String handle) {
    return world.cluster().all(Volume.KIND).stream()
        .filter(volume -> volume.at("/spec/csi/volumeHandle").asText().equals(handle))
        .anyMatch(volume -> volume.at("/spec/accessModes/0").asText().equals("ReadWriteOnce"));
  }

  /** Each attachment, but for those that wait for the other node. */
  private static List<String> unattached(World world) {
    var attached = world.driver().attached();
    return attachments(world)
        .filter(each -> !each.at("/status/attached").asBoolean() || !attached.contains(place(each)))
        .filter(
            each ->
                !single(world, handleOf(volumeOf(each)))
                    || attached.stream()
                        .noneMatch(other -> other.startsWith(handleOf(volumeOf(each)) + "@")))
        .map(each -> each.at("/metadata/name").asText())
        .toList();
  }

  private static List<String> unwanted(World world) {
    var wanted = attachments(world).map(AttacherScenario::place).toList();
    return world.driver().attached().stream().filter(each -> !wanted.contains(each)).toList();
  }

  private static Stream<ObjectNode> attachments(World world) {
    return world.cluster().all(Attachment.KIND).stream();
  }

  private static boolean held(ObjectNode object) {
    for (var finalizer : object.at("/metadata/finalizers")) {
      if (finalizer.asText().equals(OURS)) {
        return true;
      }
    }
    return false;
  }

  private static boolean deleting(ObjectNode object) {
    return object.at("/metadata").has("deletionTimestamp");
  }

  private static String volumeOf(ObjectNode attachment) {
    return attachment.at("/spec/source/persistentVolumeName").asText();
  }

  /** As the driver names it. */
  private static String place(ObjectNode attachment) {
    return handleOf(volumeOf(attachment)) + "@" + idOf(attachment.at("/spec/nodeName").asText());
  }

  private static String handleOf(String volume) {
    return "handle-of-" + volume;
  }

  private static String idOf(String node) {
    return "id-of-" + node;
  }
}
