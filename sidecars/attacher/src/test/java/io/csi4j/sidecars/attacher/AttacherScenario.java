package io.csi4j.sidecars.attacher;

import static java.time.Duration.ofSeconds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.simulator.Invariant;
import io.csi4j.e2e.simulator.Invariants;
import io.csi4j.e2e.simulator.Scenario;
import io.csi4j.e2e.simulator.Scenario.Doors;
import io.csi4j.e2e.simulator.Scenario.UserAction;
import io.csi4j.e2e.simulator.SimulatedCluster;
import io.csi4j.e2e.simulator.World;
import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import io.csi4j.proto.csi.v1.PluginCapability.Service;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.CsiNode;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.csi.DriverIdentity;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.metrics.Metrics;
import io.csi4j.sidecars.kit.metrics.QueueMetrics;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.sidecar.Controllers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The attacher in a world where everything goes wrong: attachments come, go and come back, volumes
 * are deleted under them, and in the end the driver has attached what is wanted and nothing else.
 */
final class AttacherScenario {
  private static final String DRIVER = "disk.example.com";
  private static final int NODES = 2;
  private static final DriverIdentity IDENTITY =
      new DriverIdentity(
          DRIVER,
          Set.of(Service.Type.CONTROLLER_SERVICE_VALUE),
          Set.of(RPC.Type.PUBLISH_UNPUBLISH_VOLUME_VALUE));

  private AttacherScenario() {}

  static Scenario scenario() {
    return Scenario.of("attacher", AttacherScenario::controllers)
        .calls(new Scenario.Calls(ofSeconds(15), Attacher.IN_DOUBT))
        .before(AttacherScenario::nodes)
        .users(AttacherScenario::users)
        .holds(Invariant.always("what may be attached is held", AttacherScenario::unheld))
        .holds(Invariant.atRest("attached is what is wanted", AttacherScenario::wrong))
        .holds(Invariants.deletionsDone(Attachment.KIND, Volume.KIND));
  }

  private static Controllers controllers(Doors doors) {
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
    return Attacher.controllers(world, Flags.parse(List.of()), doors.time());
  }

  private static void nodes(World world) {
    for (var n = 0; n < NODES; n++) {
      var node = SimulatedCluster.object("", "node-" + n);
      var entry = node.putObject("spec").putArray("drivers").addObject();
      entry.put("name", DRIVER).put("nodeID", "id-of-node-" + n).putArray("topologyKeys");
      world.cluster().put(CsiNode.KIND, node);
    }
  }

  private static List<UserAction> users(Scenario.Draw draw) {
    var actions = new ArrayList<UserAction>();
    for (var n = 0; n < draw.size(); n++) {
      var volume = "pv-" + n;
      actions.add(
          new UserAction(
              ofSeconds(0),
              "creates " + volume,
              world -> world.cluster().put(Volume.KIND, volume(volume))));
      for (var node = 0; node < NODES; node++) {
        attachments(draw, volume, "node-" + node, actions);
      }
      if (draw.random().nextInt(3) == 0) {
        actions.add(
            new UserAction(
                draw.moment(ofSeconds(20), ofSeconds(55)),
                "deletes " + volume,
                world -> ends(world, volume)));
      }
    }
    return actions;
  }

  private static void attachments(
      Scenario.Draw draw, String volume, String node, List<UserAction> actions) {
    var key = ObjectKey.cluster("csi-" + volume + "-" + node);
    var at = draw.moment(ofSeconds(0), ofSeconds(15));
    for (var generation = 0; generation < 2; generation++) {
      actions.add(
          new UserAction(
              at,
              "attaches " + volume + " to " + node,
              world -> {
                if (!world.cluster().has(Attachment.KIND, key) && stays(world, volume)) {
                  world.cluster().put(Attachment.KIND, attachment(key, volume, node));
                }
              }));
      at = at.plus(draw.moment(ofSeconds(0), ofSeconds(15)));
      if (draw.random().nextInt(3) > 0) {
        actions.add(
            new UserAction(
                at, "detaches " + volume + " from " + node, world -> delete(world, key)));
      }
      at = at.plus(draw.moment(ofSeconds(0), ofSeconds(5)));
    }
  }

  /** Kubernetes attaches no volume that is being deleted. */
  private static boolean stays(World world, String volume) {
    var key = ObjectKey.cluster(volume);
    return world.cluster().has(Volume.KIND, key)
        && !world.cluster().get(Volume.KIND, key).at("/metadata").has("deletionTimestamp");
  }

  /** As a user who takes the volume away: first from all nodes. */
  private static void ends(World world, String volume) {
    for (var node = 0; node < NODES; node++) {
      delete(world, ObjectKey.cluster("csi-" + volume + "-node-" + node));
    }
    world.cluster().delete(Volume.KIND, ObjectKey.cluster(volume));
  }

  private static void delete(World world, ObjectKey attachment) {
    if (world.cluster().has(Attachment.KIND, attachment)) {
      world.cluster().delete(Attachment.KIND, attachment);
    }
  }

  private static ObjectNode volume(String name) {
    var volume = SimulatedCluster.object("", name);
    var spec = volume.putObject("spec");
    spec.putArray("accessModes").add("ReadWriteMany");
    spec.putObject("csi").put("driver", DRIVER).put("volumeHandle", "handle-of-" + name);
    return volume;
  }

  private static ObjectNode attachment(ObjectKey key, String volume, String node) {
    var attachment = SimulatedCluster.object("", key.name());
    var spec = attachment.putObject("spec").put("attacher", DRIVER).put("nodeName", node);
    spec.putObject("source").put("persistentVolumeName", volume);
    return attachment;
  }

  private static List<String> unheld(World world) {
    var attached = world.driver().attached();
    for (var each : world.cluster().all(Attachment.KIND)) {
      if (each.at("/metadata/finalizers").toString().contains("external-attacher/")) {
        attached.remove(placeOf(each));
      }
    }
    return attached.stream().map(place -> place + " is attached and nothing says so").toList();
  }

  private static List<String> wrong(World world) {
    var wanted = new TreeSet<String>();
    var wrong = new ArrayList<String>();
    for (var each : world.cluster().all(Attachment.KIND)) {
      wanted.add(placeOf(each));
      if (!each.at("/status/attached").asBoolean()) {
        wrong.add("not attached: " + each.at("/metadata/name").asText());
      }
    }
    if (!wanted.equals(world.driver().attached())) {
      wrong.add("wanted %s, attached %s".formatted(wanted, world.driver().attached()));
    }
    return wrong;
  }

  private static String placeOf(ObjectNode attachment) {
    return "handle-of-%s@id-of-%s"
        .formatted(
            attachment.at("/spec/source/persistentVolumeName").asText(),
            attachment.at("/spec/nodeName").asText());
  }
}
