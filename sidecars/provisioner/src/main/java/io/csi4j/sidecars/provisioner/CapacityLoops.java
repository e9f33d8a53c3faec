package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.reconcile.ReconcileLoop;
import io.csi4j.sidecars.kit.reconcile.Verdict;
import io.csi4j.sidecars.kit.sidecar.Controllers.World;

/** Publishes how much room there is: one queue for the places, one for the items they make up. */
final class CapacityLoops implements AutoCloseable {
  private static final ObjectKey ALL = ObjectKey.cluster("places");

  private final CapacityView view;
  private final ReconcileLoop places;
  private final ReconcileLoop items;

  CapacityLoops(
      World world, Time time, ProvisionerControllers.Setting setting, CapacityOptions options) {
    var local = setting.view().local();
    // A budget of its own: no claim waits for this.
    var cluster = world.paced().apply(options.pacing());
    var owner =
        options.ownerLevel() < 0
            ? null
            : Owner.of(
                cluster, new ObjectKey(options.namespace(), options.pod()), options.ownerLevel());
    var managedBy = local == null ? ManagedBy.central() : ManagedBy.node(local.name());
    var how = new Capacity.Setting(setting.traits().name(), managedBy, options, owner);
    view = new CapacityView(world.cluster(), setting.view(), how, world.metrics());
    var backOff = setting.options().work().backOff();
    items =
        new ReconcileLoop(
            "csistoragecapacity",
            new Capacity(new Capacity.Doors(cluster, world.driver(), time), view, how),
            time,
            new ReconcileLoop.Limits(options.workers(), backOff),
            world.queues().of("csistoragecapacity"));
    places =
        new ReconcileLoop(
            "csitopology",
            _ -> {
              view.refresh();
              return new Verdict.Settled();
            },
            time,
            new ReconcileLoop.Limits(1, backOff),
            world.queues().of("csitopology"));
    view.wake(items::add);
  }

  CapacityNews news() {
    return view;
  }

  void placesChanged() {
    places.add(ALL);
  }

  /** The first look at the places comes first: before it, all objects would seem obsolete. */
  void start() {
    view.refresh();
    places.start();
    items.start();
  }

  @Override
  public void close() {
    places.close();
    items.close();
  }
}
