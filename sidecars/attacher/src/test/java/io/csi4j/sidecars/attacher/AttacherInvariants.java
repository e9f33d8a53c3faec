package io.csi4j.sidecars.attacher;

import static io.csi4j.sidecars.attacher.SimulatedStage.GUARD;
import static io.csi4j.sidecars.attacher.SimulatedStage.NODES;
import static io.csi4j.sidecars.attacher.SimulatedStage.OURS;
import static io.csi4j.sidecars.attacher.SimulatedStage.STAGED;
import static io.csi4j.sidecars.attacher.SimulatedStage.TORN;
import static io.csi4j.sidecars.attacher.SimulatedStage.attachments;
import static io.csi4j.sidecars.attacher.SimulatedStage.handleOf;
import static io.csi4j.sidecars.attacher.SimulatedStage.held;
import static io.csi4j.sidecars.attacher.SimulatedStage.nameOf;
import static io.csi4j.sidecars.attacher.SimulatedStage.nodeOf;
import static io.csi4j.sidecars.attacher.SimulatedStage.noted;
import static io.csi4j.sidecars.attacher.SimulatedStage.notedOf;
import static io.csi4j.sidecars.attacher.SimulatedStage.place;
import static io.csi4j.sidecars.attacher.SimulatedStage.placeOf;
import static io.csi4j.sidecars.attacher.SimulatedStage.single;
import static io.csi4j.sidecars.attacher.SimulatedStage.volumeOf;

import io.csi4j.e2e.simulator.Invariant;
import io.csi4j.e2e.simulator.Invariants;
import io.csi4j.e2e.simulator.World;
import io.csi4j.sidecars.kit.cluster.Attachment;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * What must hold around an attacher, by the numbers of kubelet-and-cluster.md. I15, one call per
 * volume, and that nobody writes who does not lead, are checked by the simulator in every run.
 */
final class AttacherInvariants {
  /** I1 of attacher.md 9. */
  static final Invariant REMEMBERED =
      Invariant.always("what is attached is remembered", AttacherInvariants::forgotten);

  /** A node that uses a volume has it, unless it was torn off by force. */
  static final Invariant UNSTAGED_FIRST =
      Invariant.always("I4: unstaged before it is detached", AttacherInvariants::tornAway);

  static final Invariant DETACHED_FIRST =
      Invariant.always("I5: detached before it is deleted", AttacherInvariants::deletedUnder);

  static final Invariant SPEC_KEPT =
      Invariant.always("I9: name and spec are as they were made", AttacherInvariants::misnamed);

  static final Invariant ONE_NODE =
      Invariant.always("I10: one node at a time", AttacherInvariants::onTwoNodes);

  static final Invariant OTHERS_FINALIZERS =
      Invariant.always("I14: finalizers of others stay", AttacherInvariants::unguarded);

  static final Invariant OUR_FINALIZERS = Invariants.deletionsDone(Attachment.KIND, Volume.KIND);

  static final Invariant WANTED_ATTACHED =
      Invariant.atRest("what is wanted is attached", AttacherInvariants::unattached);

  static final Invariant UNWANTED_NOT =
      Invariant.atRest("nothing else is attached", AttacherInvariants::unwanted);

  private AttacherInvariants() {}

  /** Attached on the storage, and no finalizer left to tell. */
  private static List<String> forgotten(World world) {
    var remembered =
        attachments(world)
            .filter(each -> held(each, OURS))
            .filter(each -> world.cluster().has(Volume.KIND, ObjectKey.cluster(volumeOf(each))))
            .filter(
                each ->
                    held(world.cluster().get(Volume.KIND, ObjectKey.cluster(volumeOf(each))), OURS))
            .map(SimulatedStage::place)
            .toList();
    return world.driver().attached().stream().filter(each -> !remembered.contains(each)).toList();
  }

  private static List<String> tornAway(World world) {
    var torn = new ArrayList<String>();
    var attached = world.driver().attached();
    for (var node : NODES) {
      for (var volume : notedOf(world, node, STAGED)) {
        if (!attached.contains(placeOf(volume, node)) && !noted(world, node, TORN + volume)) {
          torn.add("%s is staged on %s and not attached there".formatted(volume, node));
        }
      }
    }
    return torn;
  }

  private static List<String> deletedUnder(World world) {
    return world.driver().attached().stream()
        .filter(
            each ->
                world.cluster().all(Volume.KIND).stream()
                    .noneMatch(
                        volume ->
                            each.startsWith(volume.at("/spec/csi/volumeHandle").asText() + "@")))
        .toList();
  }

  private static List<String> misnamed(World world) {
    return attachments(world)
        .filter(
            each ->
                !each.at("/metadata/name").asText().equals(nameOf(volumeOf(each), nodeOf(each))))
        .map(Object::toString)
        .toList();
  }

  private static List<String> onTwoNodes(World world) {
    var seen = new TreeSet<String>();
    return world.driver().attached().stream()
        .map(each -> each.substring(0, each.indexOf('@')))
        .filter(handle -> !seen.add(handle))
        .filter(handle -> single(world, handle))
        .toList();
  }

  private static List<String> unguarded(World world) {
    var lost = new ArrayList<String>();
    for (Kind<?> kind : List.of(Attachment.KIND, Volume.KIND)) {
      world.cluster().all(kind).stream()
          .filter(object -> SimulatedStage.guarded(object) && !held(object, GUARD))
          .forEach(object -> lost.add(kind + " " + object.at("/metadata/name").asText()));
    }
    return lost;
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
    var wanted = attachments(world).map(SimulatedStage::place).toList();
    return world.driver().attached().stream().filter(each -> !wanted.contains(each)).toList();
  }
}
