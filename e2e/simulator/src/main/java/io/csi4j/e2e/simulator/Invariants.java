package io.csi4j.e2e.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.Intent;
import io.csi4j.sidecars.kit.doors.Kind;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What must hold for any controller. That no two calls about one volume are under way at a time,
 * that a repeat is the same request, that no fiber ends by a bug and that all comes to rest is
 * checked in every run, unasked.
 */
public final class Invariants {

  /** Every volume on the storage has an object or an intent by which it will be found. */
  public static final Invariant NOTHING_LEAKED =
      Invariant.atRest("nothing leaked", Invariants::leaked);

  /** The same, at every moment: what {@code NOTHING_LEAKED} means for whoever writes intents. */
  public static final Invariant NEVER_UNACCOUNTED =
      Invariant.always("nothing on the storage is unaccounted for", Invariants::leaked);

  /** Every volume that an object speaks of is on the storage. */
  public static final Invariant NOTHING_LOST =
      Invariant.atRest(
          "nothing lost",
          world -> {
            var lost = handles(world);
            for (var name : world.driver().volumeNames()) {
              lost.remove(SimulatedDriver.idOf(name));
            }
            return lost.stream().map(handle -> "no volume " + handle).toList();
          });

  /** Every intent has come to its end. */
  public static final Invariant INTENTS_CLOSED =
      Invariant.atRest(
          "intents are closed",
          world -> world.journal().pending().stream().map(Intent::toString).toList());

  private Invariants() {}

  /** Nothing of these kinds waits for its deletion for ever. */
  public static Invariant deletionsDone(Kind<?>... kinds) {
    var all = List.of(kinds);
    return Invariant.atRest(
        "what was deleted goes",
        world ->
            all.stream()
                .flatMap(
                    kind ->
                        world.cluster().all(kind).stream()
                            .filter(object -> object.at("/metadata").has("deletionTimestamp"))
                            .map(object -> kind + " " + nameOf(object)))
                .toList());
  }

  private static List<String> leaked(World world) {
    var handles = handles(world);
    var intended = new TreeSet<String>();
    world.journal().pending().forEach(intent -> intended.add(intent.name()));
    return world.driver().volumeNames().stream()
        .filter(name -> !handles.contains(SimulatedDriver.idOf(name)) && !intended.contains(name))
        .map(name -> "volume " + name + " is known to nobody")
        .toList();
  }

  private static Set<String> handles(World world) {
    var handles = new TreeSet<String>();
    for (var object : world.cluster().all(Volume.KIND)) {
      handles.add(object.at("/spec/csi/volumeHandle").asText());
    }
    return handles;
  }

  private static String nameOf(ObjectNode object) {
    return object.at("/metadata/name").asText();
  }
}
