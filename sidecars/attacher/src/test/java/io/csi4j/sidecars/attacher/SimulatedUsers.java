package io.csi4j.sidecars.attacher;

import static io.csi4j.sidecars.attacher.SimulatedStage.DOWN;
import static io.csi4j.sidecars.attacher.SimulatedStage.NODES;
import static io.csi4j.sidecars.attacher.SimulatedStage.STAGED;
import static io.csi4j.sidecars.attacher.SimulatedStage.TORN;
import static io.csi4j.sidecars.attacher.SimulatedStage.WANTS;
import static io.csi4j.sidecars.attacher.SimulatedStage.handleOf;
import static io.csi4j.sidecars.attacher.SimulatedStage.idOf;
import static io.csi4j.sidecars.attacher.SimulatedStage.note;
import static io.csi4j.sidecars.attacher.SimulatedStage.noted;
import static io.csi4j.sidecars.attacher.SimulatedStage.notedOf;
import static java.time.Duration.ofSeconds;

import io.csi4j.e2e.simulator.Scenario;
import io.csi4j.e2e.simulator.Scenario.UserAction;
import io.csi4j.e2e.simulator.World;
import io.csi4j.sidecars.kit.cluster.CsiNode;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What users do to volumes and nodes. */
final class SimulatedUsers {

  private SimulatedUsers() {}

  static List<UserAction> draw(Scenario.Draw draw) {
    var actions = new ArrayList<UserAction>();
    for (var n = 0; n < draw.size(); n++) {
      volume(draw, "pv-" + n, actions);
    }
    if (draw.random().nextInt(3) == 0) {
      nodeTrouble(draw, actions);
    }
    return actions;
  }

  /** An administrator detaches and attaches at the array, beside all that users do. */
  static List<UserAction> drawWithArray(Scenario.Draw draw) {
    var actions = new ArrayList<>(draw(draw));
    for (var n = 0; n < draw.size(); n++) {
      var volume = "pv-" + draw.random().nextInt(draw.size());
      var node = NODES.get(draw.random().nextInt(NODES.size()));
      actions.add(
          new UserAction(
              draw.moment(Duration.ZERO, ofSeconds(60)),
              "detaches %s from %s at the array".formatted(volume, node),
              world -> world.driver().detach(handleOf(volume), idOf(node))));
    }
    return actions;
  }

  /** A volume's life: now on this node, now on that, sometimes on both, sometimes deleted. */
  private static void volume(Scenario.Draw draw, String name, List<UserAction> actions) {
    var mode = draw.random().nextInt(3) == 0 ? "ReadWriteMany" : "ReadWriteOnce";
    var guarded = draw.random().nextInt(4) == 0;
    var at = draw.moment(Duration.ZERO, ofSeconds(10));
    actions.add(
        new UserAction(
            at,
            "creates %s (%s)".formatted(name, mode),
            world -> world.cluster().put(Volume.KIND, SimulatedStage.pv(name, mode, guarded))));
    for (var turn = 0; turn < 1 + draw.random().nextInt(3); turn++) {
      var node = NODES.get(draw.random().nextInt(NODES.size()));
      at = at.plus(draw.moment(Duration.ZERO, ofSeconds(3)));
      actions.add(
          new UserAction(
              at, "wants %s on %s".formatted(name, node), world -> want(world, name, node)));
      if (draw.random().nextInt(3) > 0) {
        at = at.plus(draw.moment(Duration.ZERO, ofSeconds(20)));
        actions.add(
            draw.random().nextInt(5) == 0
                ? new UserAction(
                    at, "tears %s off %s".formatted(name, node), world -> tear(world, name, node))
                : new UserAction(
                    at,
                    "gives up %s on %s".formatted(name, node),
                    world -> note(world, node, WANTS + name, false)));
      }
    }
    if (draw.random().nextInt(3) == 0) {
      end(draw, name, at, actions);
    }
  }

  private static void want(World world, String volume, String node) {
    if (!noted(world, node, DOWN) && SimulatedActors.lasts(world, volume)) {
      note(world, node, WANTS + volume, true);
    }
  }

  /** Detach by force: the pod is gone, and nobody waits for the node to unstage. */
  private static void tear(World world, String volume, String node) {
    if (noted(world, node, STAGED + volume)) {
      note(world, node, TORN + volume, true);
    }
    note(world, node, WANTS + volume, false);
  }

  /** The volume is deleted, while it may still be attached. */
  private static void end(
      Scenario.Draw draw, String name, Duration after, List<UserAction> actions) {
    actions.add(
        new UserAction(
            after.plus(draw.moment(Duration.ZERO, ofSeconds(10))),
            "deletes " + name,
            world -> SimulatedStage.delete(world, Volume.KIND, ObjectKey.cluster(name))));
  }

  /** The driver leaves a node, or the node is lost with all its pods; later it is back. */
  private static void nodeTrouble(Scenario.Draw draw, List<UserAction> actions) {
    var at = draw.moment(Duration.ZERO, ofSeconds(30));
    var node = NODES.get(draw.random().nextInt(NODES.size()));
    var key = ObjectKey.cluster(node);
    actions.add(
        draw.random().nextBoolean()
            ? new UserAction(
                at,
                "takes the driver off " + node,
                world -> world.cluster().change(CsiNode.KIND, key, object -> object.remove("spec")))
            : new UserAction(at, "loses " + node, world -> lose(world, node)));
    actions.add(
        new UserAction(
            at.plus(draw.moment(ofSeconds(1), ofSeconds(20))),
            "brings back " + node,
            world -> {
              world.cluster().put(CsiNode.KIND, SimulatedStage.csiNode(node));
              note(world, node, DOWN, false);
            }));
  }

  /** It is switched off: nothing is staged there any more, and no pod of it will come back. */
  private static void lose(World world, String node) {
    SimulatedStage.delete(world, CsiNode.KIND, ObjectKey.cluster(node));
    note(world, node, DOWN, true);
    for (var what : List.of(WANTS, STAGED, TORN)) {
      notedOf(world, node, what).forEach(volume -> note(world, node, what + volume, false));
    }
  }
}
