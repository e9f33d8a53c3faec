package io.csi4j.sidecars.attacher;

import static io.csi4j.sidecars.attacher.SimulatedStage.DOWN;
import static io.csi4j.sidecars.attacher.SimulatedStage.GUARD;
import static io.csi4j.sidecars.attacher.SimulatedStage.NODES;
import static io.csi4j.sidecars.attacher.SimulatedStage.STAGED;
import static io.csi4j.sidecars.attacher.SimulatedStage.TORN;
import static io.csi4j.sidecars.attacher.SimulatedStage.WANTS;
import static io.csi4j.sidecars.attacher.SimulatedStage.deleting;
import static io.csi4j.sidecars.attacher.SimulatedStage.keyOf;
import static io.csi4j.sidecars.attacher.SimulatedStage.note;
import static io.csi4j.sidecars.attacher.SimulatedStage.noted;
import static io.csi4j.sidecars.attacher.SimulatedStage.notedOf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.simulator.World;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.util.List;

/** Who else is at work on a volume's way to a node: each knows nothing but what is there. */
final class SimulatedActors {

  private SimulatedActors() {}

  /**
   * The attach/detach controller: makes an attachment for each volume that a pod wants on a node,
   * and deletes it when nobody does and the node has it no longer staged. It does not wait for a
   * node that is down, nor where the volume was torn off.
   */
  static void attachDetach(World world) {
    for (var node : NODES) {
      for (var volume : notedOf(world, node, WANTS)) {
        attach(world, node, volume);
      }
    }
    for (var attachment : SimulatedStage.attachments(world).toList()) {
      var node = SimulatedStage.nodeOf(attachment);
      var volume = SimulatedStage.volumeOf(attachment);
      if (!noted(world, node, WANTS + volume) && mayDetach(world, node, volume)) {
        SimulatedStage.delete(world, Attachment.KIND, keyOf(volume, node));
      }
    }
  }

  private static void attach(World world, String node, String volume) {
    if (lasts(world, volume)
        && !world.cluster().has(Attachment.KIND, keyOf(volume, node))
        && !noted(world, node, DOWN)) {
      var guarded =
          SimulatedStage.guarded(world.cluster().get(Volume.KIND, ObjectKey.cluster(volume)));
      world.cluster().put(Attachment.KIND, SimulatedStage.attachment(volume, node, guarded));
    }
  }

  private static boolean mayDetach(World world, String node, String volume) {
    return !noted(world, node, STAGED + volume)
        || noted(world, node, DOWN)
        || noted(world, node, TORN + volume);
  }

  /** There, and not being deleted. */
  static boolean lasts(World world, String volume) {
    var key = ObjectKey.cluster(volume);
    return world.cluster().has(Volume.KIND, key)
        && !deleting(world.cluster().get(Volume.KIND, key));
  }

  /**
   * The kubelets: stage what pods want and what is attached by its status, and unstage what nobody
   * wants any more.
   */
  static void kubelets(World world) {
    for (var node : NODES) {
      if (!noted(world, node, DOWN)) {
        for (var volume : notedOf(world, node, WANTS)) {
          if (attached(world, volume, node)) {
            note(world, node, STAGED + volume, true);
          }
        }
        for (var volume : notedOf(world, node, STAGED)) {
          if (!noted(world, node, WANTS + volume)) {
            note(world, node, STAGED + volume, false);
            note(world, node, TORN + volume, false);
          }
        }
      }
    }
  }

  private static boolean attached(World world, String volume, String node) {
    var key = keyOf(volume, node);
    return world.cluster().has(Attachment.KIND, key)
        && !deleting(world.cluster().get(Attachment.KIND, key))
        && world.cluster().get(Attachment.KIND, key).at("/status/attached").asBoolean();
  }

  /** Pods whose volume is being deleted, or gone, end. */
  static void pods(World world) {
    for (var node : NODES) {
      for (var volume : notedOf(world, node, WANTS)) {
        if (!lasts(world, volume)) {
          note(world, node, WANTS + volume, false);
        }
      }
    }
  }

  /** Some other component: lets go of what is being deleted, in its own time. */
  static void guard(World world) {
    for (Kind<?> kind : List.of(Attachment.KIND, Volume.KIND)) {
      for (var object : world.cluster().all(kind)) {
        if (deleting(object) && SimulatedStage.held(object, GUARD)) {
          world
              .cluster()
              .change(
                  kind,
                  ObjectKey.cluster(object.at("/metadata/name").asText()),
                  SimulatedActors::letGo);
        }
      }
    }
  }

  private static void letGo(ObjectNode object) {
    object.withObject("/metadata/labels").remove(GUARD);
    var finalizers = object.withArray("/metadata/finalizers");
    for (var i = finalizers.size() - 1; i >= 0; i--) {
      if (finalizers.get(i).asText().equals(GUARD)) {
        finalizers.remove(i);
      }
    }
  }
}
