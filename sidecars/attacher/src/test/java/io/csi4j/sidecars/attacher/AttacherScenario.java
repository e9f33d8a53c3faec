package io.csi4j.sidecars.attacher;

import static io.csi4j.sidecars.attacher.SimulatedStage.DRIVER;
import static java.time.Duration.ofSeconds;

import io.csi4j.e2e.simulator.Scenario;
import io.csi4j.proto.csi.v1.ControllerServiceCapability.RPC;
import io.csi4j.proto.csi.v1.PluginCapability.Service;
import io.csi4j.sidecars.kit.csi.DriverIdentity;
import io.csi4j.sidecars.kit.metrics.Metrics;
import io.csi4j.sidecars.kit.metrics.QueueMetrics;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.sidecar.Controllers;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * The attacher in a world where everything goes wrong: volumes for one node and for many are wanted
 * on two nodes, by turns and at once, given back while they are being attached, torn off by force;
 * nodes lose their driver and are lost themselves; volumes are deleted while they are attached. In
 * the end, what is wanted is attached, and nothing else.
 */
final class AttacherScenario {
  private static final Set<Integer> PUBLISHES = Set.of(RPC.Type.PUBLISH_UNPUBLISH_VOLUME_VALUE);
  private static final Set<Integer> LISTS =
      Set.of(
          RPC.Type.PUBLISH_UNPUBLISH_VOLUME_VALUE,
          RPC.Type.LIST_VOLUMES_VALUE,
          RPC.Type.LIST_VOLUMES_PUBLISHED_NODES_VALUE);

  private AttacherScenario() {}

  static Scenario scenario() {
    return around(Scenario.of("attacher", doors -> controllers(doors, PUBLISHES)))
        .users(SimulatedUsers::draw)
        .holds(AttacherInvariants.UNSTAGED_FIRST);
  }

  /** Two replicas, of which the leader dies, is late and is deposed. */
  static Scenario elected() {
    return around(Scenario.of("attacher-elected", doors -> controllers(doors, PUBLISHES)))
        .replicas(2)
        .users(SimulatedUsers::draw)
        .holds(AttacherInvariants.UNSTAGED_FIRST);
  }

  /**
   * The array detaches by itself, which the list of volumes brings to light. What is staged then
   * has lost its volume, so that is not asked for.
   */
  static Scenario listing() {
    return around(Scenario.of("attacher-listing", doors -> controllers(doors, LISTS)))
        .users(SimulatedUsers::drawWithArray);
  }

  private static Scenario around(Scenario scenario) {
    return scenario
        .calls(new Scenario.Calls(ofSeconds(15), Attacher.IN_DOUBT))
        .before(SimulatedStage::nodes)
        .actor("attach/detach controller", SimulatedActors::attachDetach)
        .actor("kubelets", SimulatedActors::kubelets)
        .actor("pods", SimulatedActors::pods)
        .actor("guard", SimulatedActors::guard)
        .holds(
            AttacherInvariants.REMEMBERED,
            AttacherInvariants.DETACHED_FIRST,
            AttacherInvariants.SPEC_KEPT,
            AttacherInvariants.ONE_NODE,
            AttacherInvariants.OTHERS_FINALIZERS,
            AttacherInvariants.OUR_FINALIZERS,
            AttacherInvariants.WANTED_ATTACHED,
            AttacherInvariants.UNWANTED_NOT);
  }

  private static Controllers controllers(Scenario.Doors doors, Set<Integer> abilities) {
    var metrics = new Metrics(Instant.EPOCH);
    var world =
        new Controllers.World(
            new DriverIdentity(DRIVER, Set.of(Service.Type.CONTROLLER_SERVICE_VALUE), abilities),
            doors.cluster(),
            doors.cluster(),
            doors.driver(),
            doors.journal(),
            _ -> {},
            metrics,
            new QueueMetrics(metrics, doors.time()),
            _ -> doors.cluster());
    return Attacher.controllers(world, Flags.parse(List.of()), doors.time());
  }
}
