package io.csi4j.sidecars.provisioner;

import static java.time.Duration.ofSeconds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.simulator.Effects;
import io.csi4j.e2e.simulator.Invariant;
import io.csi4j.e2e.simulator.Invariants;
import io.csi4j.e2e.simulator.Scenario;
import io.csi4j.e2e.simulator.Scenario.Doors;
import io.csi4j.e2e.simulator.Scenario.UserAction;
import io.csi4j.e2e.simulator.SimulatedCluster;
import io.csi4j.e2e.simulator.VolumeBinder;
import io.csi4j.e2e.simulator.World;
import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import io.csi4j.proto.csi.v1.PluginCapability.Service;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.StorageClass;
import io.csi4j.sidecars.kit.cluster.Surroundings;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.csi.DriverIdentity;
import io.csi4j.sidecars.kit.doors.Intent;
import io.csi4j.sidecars.kit.doors.Journal;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.journal.ConfigMapJournal;
import io.csi4j.sidecars.kit.journal.MemoryJournal;
import io.csi4j.sidecars.kit.metrics.Metrics;
import io.csi4j.sidecars.kit.metrics.QueueMetrics;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.sidecar.Controllers;
import io.csi4j.sidecars.kit.time.ManualTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The provisioner in a world where everything goes wrong: claims come, go and come back under the
 * same name, their class changes, and in the end each claim has its volume and nothing else is
 * left.
 */
final class ProvisionerScenario {
  private static final String CLASS = "fast";
  private static final long FULL_BYTES = 4096;
  private static final ObjectKey LEASE = new ObjectKey("csi", "disk-example-com");
  private static final DriverIdentity IDENTITY =
      new DriverIdentity(
          Objects.DRIVER,
          Set.of(Service.Type.CONTROLLER_SERVICE_VALUE),
          Set.of(RPC.Type.CREATE_DELETE_VOLUME_VALUE));

  private ProvisionerScenario() {}

  /** Over the simulator's journal, which fails in ways of its own. */
  static Scenario scenario() {
    return scenario("provisioner", doors -> controllers(doors, doors.journal()));
  }

  /** Over the journal that a real process has, whose every write may fail. */
  static Scenario withConfigMaps() {
    return scenario(
            "provisioner-configmaps",
            doors -> controllers(doors, new ConfigMapJournal(doors.cluster(), doors.time(), LEASE)))
        .holds(Invariant.atRest("config maps hold no intents", ProvisionerScenario::kept));
  }

  /** The same with objects in which there is room for two or three intents. */
  static Scenario withFullConfigMaps() {
    return scenario(
            "provisioner-full-configmaps",
            doors ->
                controllers(
                    doors, new ConfigMapJournal(doors.cluster(), doors.time(), LEASE, FULL_BYTES)))
        .holds(Invariant.atRest("config maps hold no intents", ProvisionerScenario::kept));
  }

  /** As it was before there were intents, and as the Go tools are. */
  static Scenario withoutIntents() {
    return scenario(
        "provisioner-without-intents", doors -> controllers(doors, new MemoryJournal()));
  }

  private static Scenario scenario(String name, Scenario.Program program) {
    return Scenario.of(name, program)
        .calls(new Scenario.Calls(ofSeconds(10), Doubt.ALWAYS))
        .before(world -> world.cluster().put(StorageClass.KIND, storageClass()))
        .users(ProvisionerScenario::users)
        .actor("volume binder", new VolumeBinder())
        .holds(Invariants.NOTHING_LEAKED, Invariants.NOTHING_LOST, Invariants.INTENTS_CLOSED)
        .holds(Invariants.deletionsDone(Volume.KIND, Claim.KIND))
        .holds(Invariant.atRest("every claim is bound", ProvisionerScenario::unbound))
        .holds(Invariant.atRest("no volume without a claim", ProvisionerScenario::unclaimed));
  }

  private static Controllers controllers(Doors doors, Journal journal) {
    var metrics = new Metrics(Instant.EPOCH);
    var world =
        new Controllers.World(
            IDENTITY,
            doors.cluster(),
            doors.cluster(),
            doors.driver(),
            journal,
            _ -> {},
            metrics,
            new QueueMetrics(metrics, doors.time()),
            _ -> doors.cluster());
    return Provisioner.controllers(
        world, Flags.parse(List.of()), new Surroundings("", "", ""), doors.time());
  }

  private static List<UserAction> users(Scenario.Draw draw) {
    var actions = new ArrayList<UserAction>();
    for (var n = 0; n < draw.size(); n++) {
      var key = new ObjectKey("ns", "claim-" + n);
      var at = draw.moment(ofSeconds(0), ofSeconds(15));
      for (var generation = 1; generation <= 1 + draw.random().nextInt(2); generation++) {
        var claim = claim(key, "uid-%d-%d".formatted(n, generation));
        actions.add(new UserAction(at, "creates " + key, world -> create(world, key, claim)));
        at = at.plus(draw.moment(ofSeconds(0), ofSeconds(15)));
        if (draw.random().nextInt(4) > 0) {
          actions.add(new UserAction(at, "deletes " + key, world -> delete(world, key)));
        }
        at = at.plus(draw.moment(ofSeconds(0), ofSeconds(5)));
      }
    }
    if (draw.random().nextInt(3) == 0) {
      actions.add(
          new UserAction(
              draw.moment(ofSeconds(0), ofSeconds(30)),
              "changes the class",
              ProvisionerScenario::changeClass));
    }
    return actions;
  }

  private static void create(World world, ObjectKey key, ObjectNode claim) {
    if (!world.cluster().has(Claim.KIND, key)) {
      world.cluster().put(Claim.KIND, claim.deepCopy());
    }
  }

  private static void delete(World world, ObjectKey key) {
    if (world.cluster().has(Claim.KIND, key)) {
      world.cluster().delete(Claim.KIND, key);
    }
  }

  private static void changeClass(World world) {
    world
        .cluster()
        .change(
            StorageClass.KIND,
            ObjectKey.cluster(CLASS),
            object -> object.withObject("/parameters").put("tier", "changed"));
  }

  private static ObjectNode storageClass() {
    var object = SimulatedCluster.object("", CLASS);
    return object.put("provisioner", Objects.DRIVER).put("reclaimPolicy", "Delete");
  }

  private static ObjectNode claim(ObjectKey key, String uid) {
    var claim = SimulatedCluster.object(key.namespace(), key.name());
    claim.withObject("/metadata").put("uid", uid);
    claim.withObject("/metadata/annotations").put(Names.STORAGE_PROVISIONER, Objects.DRIVER);
    var spec = claim.withObject("/spec").put("storageClassName", CLASS);
    spec.putArray("accessModes").add("ReadWriteOnce");
    claim.withObject("/spec/resources/requests").put("storage", "1Gi");
    claim.putObject("status").put("phase", "Pending");
    return claim;
  }

  private static List<String> unbound(World world) {
    return world.cluster().all(Claim.KIND).stream()
        .filter(claim -> claim.at("/spec/volumeName").asText().isEmpty())
        .map(claim -> claim.at("/metadata/name").asText())
        .toList();
  }

  private static List<String> unclaimed(World world) {
    return world.cluster().all(Volume.KIND).stream()
        .filter(volume -> !volume.at("/status/phase").asText().equals("Bound"))
        .map(volume -> volume.at("/metadata/name").asText())
        .toList();
  }

  private static List<String> kept(World world) {
    var journal =
        new ConfigMapJournal(world.cluster().life(Effects.QUIET), new ManualTime(), LEASE);
    return journal.pending().stream().map(Intent::toString).toList();
  }
}
