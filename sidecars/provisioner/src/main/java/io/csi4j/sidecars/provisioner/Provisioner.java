package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.component.Component;
import io.csi4j.sidecars.kit.doors.Code;
import io.csi4j.sidecars.kit.doors.Time;
import io.csi4j.sidecars.kit.options.Flags;
import io.csi4j.sidecars.kit.reconcile.ReconcileLoop;
import io.csi4j.sidecars.kit.sidecar.Controllers;
import io.csi4j.sidecars.kit.sidecar.Controllers.World;
import io.csi4j.sidecars.kit.sidecar.DriverSidecar;
import io.csi4j.sidecars.kit.sidecar.SidecarPlan;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The provisioner: what it adds to what all sidecars have in common. */
public final class Provisioner {
  private static final int IDENTITY_BOUND = 10_000;

  /**
   * After these a volume may still come into being. RESOURCE_EXHAUSTED is final here, unlike
   * elsewhere.
   */
  static final Set<Code> IN_DOUBT =
      Set.of(Code.CANCELED, Code.DEADLINE_EXCEEDED, Code.ABORTED, Code.UNAVAILABLE);

  private Provisioner() {}

  public static Component of(Flags flags, Time time) {
    var options = ProvisionerOptions.from(flags);
    var plan =
        new SidecarPlan("csi4j-provisioner", driver -> driver, IN_DOUBT, options.connections());
    return new DriverSidecar(plan, time, world -> loops(world, options, time));
  }

  private static Loops loops(World world, ProvisionerOptions options, Time time) {
    var traits = DriverTraits.of(world.identity());
    var view = new ClusterView(world.cluster(), traits);
    var making =
        new ClaimReconciler.Making(
            traits,
            options.placing(),
            new VolumeRequest(options.naming(), options.shaping(), traits.dialect()),
            new VolumeObject(traits.name(), identity(traits, time), options.shaping().readOnly()));
    var limits = new ReconcileLoop.Limits(options.workers(), options.backOff());
    var loops =
        new Loops(
            new ReconcileLoop(
                "claims",
                new ClaimReconciler(world.cluster(), view, world.driver(), making),
                time,
                limits,
                world.queues().of("claims")),
            new ReconcileLoop(
                "volumes",
                new VolumeReconciler(world.cluster(), view, world.driver(), traits),
                time,
                limits,
                world.queues().of("volumes")));
    view.wake(loops);
    return loops;
  }

  /** Says in each volume which process has made it; of no other use. */
  private static String identity(DriverTraits traits, Time time) {
    return "%d-%d-%s"
        .formatted(time.now().toEpochMilli(), time.random().nextInt(IDENTITY_BOUND), traits.name());
  }

  private record Loops(ReconcileLoop claims, ReconcileLoop volumes)
      implements Controllers, ClusterView.Wakes {
    @Override
    public void start() {
      claims.start();
      volumes.start();
    }

    @Override
    public void claim(@Nullable Claim claim) {
      if (claim != null) {
        claims.add(claim.key());
      }
    }

    @Override
    public void volume(@Nullable Volume volume) {
      if (volume != null) {
        volumes.add(volume.key());
      }
    }

    @Override
    public void close() {
      claims.close();
      volumes.close();
    }
  }
}
