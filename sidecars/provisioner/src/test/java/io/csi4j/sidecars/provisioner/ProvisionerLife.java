package io.csi4j.sidecars.provisioner;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import io.csi4j.e2e.simulator.Crash;
import io.csi4j.e2e.simulator.Effects;
import io.csi4j.e2e.simulator.SimulatedCluster;
import io.csi4j.e2e.simulator.SimulatedDriver;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.StorageClass;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.csi.AccessModes.Dialect;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.queue.BackOff;
import io.csi4j.sidecars.kit.reconcile.ReconcileLoop;
import io.csi4j.sidecars.kit.time.ManualTime;
import io.csi4j.sidecars.provisioner.ProvisionerOptions.Naming;
import io.csi4j.sidecars.provisioner.ProvisionerOptions.Placing;
import io.csi4j.sidecars.provisioner.ProvisionerOptions.Shaping;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A provisioner on simulated doors, from its start to its end or crash; cluster and driver outlive
 * it.
 */
final class ProvisionerLife implements ClusterView.Wakes {
  private static final Duration STEP = Duration.ofMillis(500);

  private static final DriverTraits TRAITS =
      new DriverTraits(Objects.DRIVER, true, true, false, Dialect.CLASSIC);

  private final ManualTime time = new ManualTime();
  private final SimulatedCluster cluster;
  private final ReconcileLoop claims;
  private final ReconcileLoop volumes;

  ProvisionerLife(SimulatedCluster cluster, SimulatedDriver driver, Effects effects) {
    this.cluster = cluster;
    var door = cluster.life(effects);
    var view = new ClusterView(door, TRAITS);
    var making =
        new ClaimReconciler.Making(
            TRAITS,
            new Placing(false, true),
            new VolumeRequest(new Naming("pvc", 0), new Shaping("", false, false), Dialect.CLASSIC),
            new VolumeObject(Objects.DRIVER, "me", false));
    var calls = driver.life(effects);
    var backOff = new BackOff(ofSeconds(1), ofMinutes(5));
    claims =
        new ReconcileLoop(
            "claims", new ClaimReconciler(door, view, calls, making), time, 4, backOff);
    volumes =
        new ReconcileLoop(
            "volumes", new VolumeReconciler(door, view, calls, TRAITS), time, 4, backOff);
    view.wake(this);
  }

  /** Works until this much time has passed or the process has died; says whether it lives. */
  boolean live(Duration duration) {
    try {
      claims.start();
      volumes.start();
      for (var left = duration; !left.isZero(); left = left.minus(STEP)) {
        cluster.deliver();
        time.pass(STEP);
      }
      return true;
    } catch (Crash _) {
      return false;
    }
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

  static ObjectKey claimOfOurs(SimulatedCluster cluster, String name) {
    var storageClass = SimulatedCluster.object("", "fast");
    storageClass.put("provisioner", Objects.DRIVER).put("reclaimPolicy", "Delete");
    cluster.put(StorageClass.KIND, storageClass);
    var claim = SimulatedCluster.object("ns", name);
    claim.withObject("/metadata").put("uid", "uid-of-" + name);
    claim.withObject("/metadata/annotations").put(Names.STORAGE_PROVISIONER, Objects.DRIVER);
    claim
        .withObject("/spec")
        .put("storageClassName", "fast")
        .putArray("accessModes")
        .add("ReadWriteOnce");
    claim.withObject("/spec/resources/requests").put("storage", "1Gi");
    return cluster.put(Claim.KIND, claim);
  }

  /** As the PV controller does when the claim of a volume is gone. */
  static void release(SimulatedCluster cluster, ObjectKey volume) {
    cluster.change(
        Volume.KIND, volume, object -> object.putObject("status").put("phase", "Released"));
  }
}
