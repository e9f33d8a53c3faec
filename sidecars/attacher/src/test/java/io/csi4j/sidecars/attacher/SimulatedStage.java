package io.csi4j.sidecars.attacher;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.simulator.SimulatedCluster;
import io.csi4j.e2e.simulator.World;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.CsiNode;
import io.csi4j.sidecars.kit.cluster.Node;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The objects of the simulator's worlds, and what is noted on them. On each node are noted, as
 * annotations: which volumes pods there want, which are staged there, whether it is down, and from
 * which volumes it was torn by force.
 */
final class SimulatedStage {
  static final String DRIVER = "csi/test";
  static final String OURS = new AttacherNames(DRIVER).finalizer();
  static final List<String> NODES = List.of("n1", "n2");

  /** Of another component, which marks what it holds by a label of the same name. */
  static final String GUARD = "example.com/guard";

  static final String WANTS = "wants/";
  static final String STAGED = "staged/";
  static final String TORN = "torn/";
  static final String DOWN = "down";

  private SimulatedStage() {}

  static void nodes(World world) {
    for (var node : NODES) {
      world.cluster().put(CsiNode.KIND, csiNode(node));
      world.cluster().put(Node.KIND, SimulatedCluster.object("", node));
    }
  }

  static ObjectNode csiNode(String name) {
    var node = SimulatedCluster.object("", name);
    var entry = node.putObject("spec").putArray("drivers").addObject();
    entry.put("name", DRIVER).put("nodeID", idOf(name));
    return node;
  }

  static ObjectNode pv(String name, String mode, boolean guarded) {
    var volume = SimulatedCluster.object("", name);
    guard(volume, guarded);
    var spec = volume.putObject("spec");
    spec.putArray("accessModes").add(mode);
    spec.putObject("csi").put("driver", DRIVER).put("volumeHandle", handleOf(name));
    return volume;
  }

  static ObjectNode attachment(String volume, String node, boolean guarded) {
    var attachment = SimulatedCluster.object("", nameOf(volume, node));
    guard(attachment, guarded);
    var spec = attachment.putObject("spec").put("attacher", DRIVER).put("nodeName", node);
    spec.putObject("source").put("persistentVolumeName", volume);
    // As the API server does.
    attachment.putObject("status").put("attached", false);
    return attachment;
  }

  private static void guard(ObjectNode object, boolean guarded) {
    if (guarded) {
      object.withObject("/metadata/labels").put(GUARD, "yes");
      object.withArray("/metadata/finalizers").add(GUARD);
    }
  }

  static boolean guarded(ObjectNode object) {
    return object.at("/metadata/labels").has(GUARD);
  }

  /** The name that the attach/detach controller gives, which is the same each time. */
  static String nameOf(String volume, String node) {
    try {
      var hash =
          MessageDigest.getInstance("SHA-256")
              .digest((handleOf(volume) + DRIVER + node).getBytes(StandardCharsets.UTF_8));
      return "csi-" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static ObjectKey keyOf(String volume, String node) {
    return ObjectKey.cluster(nameOf(volume, node));
  }

  static void note(World world, String node, String what, boolean holds) {
    if (noted(world, node, what) != holds) {
      world
          .cluster()
          .change(
              Node.KIND,
              ObjectKey.cluster(node),
              object -> {
                var notes = object.withObject("/metadata/annotations");
                if (holds) {
                  notes.put(what, "yes");
                } else {
                  notes.remove(what);
                }
              });
    }
  }

  static boolean noted(World world, String node, String what) {
    return notes(world, node).has(what);
  }

  /** The names of the volumes of which this is noted on the node. */
  static List<String> notedOf(World world, String node, String what) {
    return notes(world, node).properties().stream()
        .map(java.util.Map.Entry::getKey)
        .filter(name -> name.startsWith(what))
        .map(name -> name.substring(what.length()))
        .toList();
  }

  private static ObjectNode notes(World world, String node) {
    return world
        .cluster()
        .get(Node.KIND, ObjectKey.cluster(node))
        .withObject("/metadata/annotations");
  }

  static void delete(World world, Kind<?> kind, ObjectKey key) {
    if (world.cluster().has(kind, key) && !deleting(world.cluster().get(kind, key))) {
      world.cluster().delete(kind, key);
    }
  }

  static Stream<ObjectNode> attachments(World world) {
    return world.cluster().all(Attachment.KIND).stream();
  }

  static boolean single(World world, String handle) {
    return world.cluster().all(Volume.KIND).stream()
        .filter(volume -> volume.at("/spec/csi/volumeHandle").asText().equals(handle))
        .anyMatch(volume -> volume.at("/spec/accessModes/0").asText().equals("ReadWriteOnce"));
  }

  static boolean held(ObjectNode object, String finalizer) {
    for (var each : object.at("/metadata/finalizers")) {
      if (each.asText().equals(finalizer)) {
        return true;
      }
    }
    return false;
  }

  static boolean deleting(ObjectNode object) {
    return object.at("/metadata").has("deletionTimestamp");
  }

  static String volumeOf(ObjectNode attachment) {
    return attachment.at("/spec/source/persistentVolumeName").asText();
  }

  static String nodeOf(ObjectNode attachment) {
    return attachment.at("/spec/nodeName").asText();
  }

  /** As the driver names it. */
  static String place(ObjectNode attachment) {
    return placeOf(volumeOf(attachment), nodeOf(attachment));
  }

  static String placeOf(String volume, String node) {
    return handleOf(volume) + "@" + idOf(node);
  }

  static String handleOf(String volume) {
    return "handle-of-" + volume;
  }

  static String idOf(String node) {
    return "id-of-" + node;
  }
}
