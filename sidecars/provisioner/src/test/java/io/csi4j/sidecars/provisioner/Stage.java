package io.csi4j.sidecars.provisioner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.e2e.simulator.Effects;
import io.csi4j.e2e.simulator.SimulatedCluster;
import io.csi4j.e2e.simulator.SimulatedDriver;
import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import io.csi4j.proto.csi.v1.PluginCapability.Service;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.CsiNode;
import io.csi4j.sidecars.kit.cluster.Node;
import io.csi4j.sidecars.kit.cluster.Secret;
import io.csi4j.sidecars.kit.cluster.StorageClass;
import io.csi4j.sidecars.kit.cluster.Surroundings;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.csi.DriverIdentity;
import io.csi4j.sidecars.kit.doors.Cluster;
import io.csi4j.sidecars.kit.doors.Driver;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.events.EventRecorder;
import io.csi4j.sidecars.kit.events.Events;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A cluster, a driver and how a provisioner is set up between them: what scenarios play on. */
final class Stage {
  static final String CLASS = "fast";

  final SimulatedCluster cluster = new SimulatedCluster();
  final SimulatedDriver driver = new SimulatedDriver();
  private final Set<Integer> plugin = new LinkedHashSet<>();
  private final Set<Integer> controller = new LinkedHashSet<>();
  private final List<String> flags = new ArrayList<>();
  private boolean writesEvents;
  private UnaryOperator<Driver> wrapper = door -> door;
  private Surroundings surroundings = new Surroundings("", "", "");

  Stage() {
    plugin.add(Service.Type.CONTROLLER_SERVICE.getNumber());
    can(RPC.Type.CREATE_DELETE_VOLUME, RPC.Type.PUBLISH_UNPUBLISH_VOLUME);
    storageClass(_ -> {});
  }

  Stage can(RPC.Type... capabilities) {
    for (var capability : capabilities) {
      controller.add(capability.getNumber());
    }
    return this;
  }

  Stage cannot(RPC.Type capability) {
    controller.remove(capability.getNumber());
    return this;
  }

  Stage topology() {
    plugin.add(Service.Type.VOLUME_ACCESSIBILITY_CONSTRAINTS.getNumber());
    return this;
  }

  Stage flags(String... more) {
    flags.addAll(List.of(more));
    return this;
  }

  /** Puts something between the provisioner and the driver. */
  Stage driverDoor(UnaryOperator<Driver> door) {
    wrapper = door;
    return this;
  }

  Stage runsIn(Surroundings where) {
    surroundings = where;
    return this;
  }

  /** Events become objects of the cluster, too: then writing one is an effect like others. */
  Stage writesEvents() {
    writesEvents = true;
    return this;
  }

  Events events(Cluster door, Time time) {
    return writesEvents ? new EventRecorder(door, time, Objects.DRIVER) : _ -> {};
  }

  DriverIdentity identity() {
    return new DriverIdentity(Objects.DRIVER, plugin, controller);
  }

  List<String> flags() {
    return flags;
  }

  Surroundings surroundings() {
    return surroundings;
  }

  ProvisionerLife life() {
    return life(Effects.QUIET);
  }

  ProvisionerLife life(Effects effects) {
    return life(effects, ProvisionerLife.JournalDoor.REAL);
  }

  /** One in which who yields never gets a turn. */
  ProvisionerLife lifeAmongOthers() {
    var door = wrapper.apply(driver.life(Effects.QUIET));
    return ProvisionerLife.amongOthers(new ProvisionerLife.Setup(cluster, door, this));
  }

  ProvisionerLife life(Effects effects, ProvisionerLife.JournalDoor journal) {
    var door = wrapper.apply(driver.life(effects));
    return new ProvisionerLife(new ProvisionerLife.Setup(cluster, door, this), effects, journal);
  }

  ObjectKey storageClass(Consumer<ObjectNode> change) {
    return storageClass(CLASS, change);
  }

  ObjectKey storageClass(String name, Consumer<ObjectNode> change) {
    var object = SimulatedCluster.object("", name);
    object.put("provisioner", Objects.DRIVER).put("reclaimPolicy", "Delete");
    change.accept(object);
    return cluster.put(StorageClass.KIND, object);
  }

  Stage parameters(Map<String, String> parameters) {
    cluster.change(
        StorageClass.KIND,
        ObjectKey.cluster(CLASS),
        object -> parameters.forEach(object.withObject("/parameters")::put));
    return this;
  }

  ObjectKey claim(String name) {
    return claim(name, _ -> {});
  }

  ObjectKey claim(String name, Consumer<ObjectNode> change) {
    return claim("ns", name, change);
  }

  ObjectKey claim(String namespace, String name, Consumer<ObjectNode> change) {
    var claim = SimulatedCluster.object(namespace, name);
    claim.withObject("/metadata").put("uid", "uid-of-" + name);
    claim.withObject("/metadata/annotations").put(Names.STORAGE_PROVISIONER, Objects.DRIVER);
    var spec = claim.withObject("/spec").put("storageClassName", CLASS);
    spec.putArray("accessModes").add("ReadWriteOnce");
    claim.withObject("/spec/resources/requests").put("storage", "1Gi");
    claim.putObject("status").put("phase", "Pending");
    change.accept(claim);
    return cluster.put(Claim.KIND, claim);
  }

  void node(String name, Map<String, String> labels, String... keys) {
    var node = SimulatedCluster.object("", name);
    labels.forEach(node.withObject("/metadata/labels")::put);
    cluster.put(Node.KIND, node);
    var csiNode = SimulatedCluster.object("", name);
    var entry = csiNode.withObject("/spec").putArray("drivers").addObject();
    entry.put("name", Objects.DRIVER).put("nodeID", name);
    var topologyKeys = entry.putArray("topologyKeys");
    for (var key : keys) {
      topologyKeys.add(key);
    }
    cluster.put(CsiNode.KIND, csiNode);
  }

  void secret(String namespace, String name, Map<String, String> data) {
    var secret = SimulatedCluster.object(namespace, name);
    data.forEach(
        (key, value) ->
            secret
                .withObject("/data")
                .put(
                    key,
                    Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
    cluster.put(Secret.KIND, secret);
  }

  static ObjectKey volumeOf(String claim) {
    return ObjectKey.cluster("pvc-uid-of-" + claim);
  }

  boolean hasVolume(String claim) {
    return cluster.has(Volume.KIND, volumeOf(claim));
  }

  ObjectNode volume(String claim) {
    return cluster.get(Volume.KIND, volumeOf(claim));
  }

  /** As the scheduler does. */
  void select(ObjectKey claim, String node) {
    cluster.change(
        Claim.KIND,
        claim,
        object -> object.withObject("/metadata/annotations").put(Names.SELECTED_NODE, node));
  }

  /** As the PV controller does with a volume and its claim. */
  void bind(String claim) {
    cluster.change(
        Claim.KIND,
        new ObjectKey("ns", claim),
        object -> {
          object.withObject("/spec").put("volumeName", volumeOf(claim).name());
          object.withObject("/status").put("phase", "Bound");
        });
    cluster.change(
        Volume.KIND, volumeOf(claim), object -> object.putObject("status").put("phase", "Bound"));
  }

  /** As the PV controller does when the claim of a volume is gone. */
  void release(String claim) {
    cluster.change(
        Volume.KIND,
        volumeOf(claim),
        object -> object.putObject("status").put("phase", "Released"));
  }

  /** Deletes the claim, and does with its volume, if it has one, as the PV controller does. */
  void endClaim(String claim) {
    var key = new ObjectKey("ns", claim);
    if (cluster.has(Claim.KIND, key)) {
      cluster.delete(Claim.KIND, key);
    }
    if (hasVolume(claim)) {
      release(claim);
    }
  }
}
