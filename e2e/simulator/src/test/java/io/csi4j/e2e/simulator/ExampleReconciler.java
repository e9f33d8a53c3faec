package io.csi4j.e2e.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.proto.csi.v1.CreateVolumeRequest;
import io.csi4j.proto.csi.v1.DeleteVolumeRequest;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Intent;
import io.csi4j.sidecars.kit.doors.Journal;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import io.csi4j.sidecars.kit.doors.Outcome;
import io.csi4j.sidecars.kit.doors.Table;
import io.csi4j.sidecars.kit.reconcile.Reconciler;
import io.csi4j.sidecars.kit.reconcile.Verdict;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A volume for each claim, and none for no claim: the smallest controller that can leak. Whether it
 * does depends on what its journal survives.
 */
final class ExampleReconciler implements Reconciler {
  private final Scenario.Doors doors;
  private final Journal journal;
  private final Table<Claim> claims;
  private final Table<Volume> volumes;

  /** What was begun and may not have come to its end, in this life or an earlier one. */
  private final Set<String> begun = new TreeSet<>();

  ExampleReconciler(Scenario.Doors doors, Journal journal) {
    this.doors = doors;
    this.journal = journal;
    this.claims = doors.cluster().table(Claim.KIND);
    this.volumes = doors.cluster().table(Volume.KIND);
    journal.pending().forEach(intent -> begun.add(intent.name()));
  }

  @Override
  public Verdict reconcile(ObjectKey key) {
    var name = "vol-" + key.name();
    var volume = volumes.get(ObjectKey.cluster(name));
    if (claims.get(key) == null) {
      return volume == null && !begun.contains(name) ? new Verdict.Settled() : unmake(name);
    }
    if (volume == null) {
      return make(name);
    }
    end(name);
    return new Verdict.Settled();
  }

  private Verdict make(String name) {
    begin(name);
    return switch (doors.driver().createVolume(request(name))) {
      case Outcome.Done(var reply) -> {
        store(name, reply.getVolume().getVolumeId());
        // Whether the claim is still there is asked once more when the table shows the volume.
        yield new Verdict.Settled();
      }
      case Outcome.Refused(_, var message) -> {
        end(name);
        yield new Verdict.BackOff(message);
      }
      case Outcome.InDoubt(_, var message) -> new Verdict.BackOff(message);
      case Outcome.NotReached(var message) -> new Verdict.BackOff(message);
    };
  }

  private void begin(String name) {
    // Whoever hears that the intent could not be written does not know whether it was.
    begun.add(name);
    journal.open(Intent.of(request(name), new Intent.Claimant(claimOf(name), "uid"), List.of()));
  }

  private void end(String name) {
    if (begun.remove(name)) {
      journal.close(name);
    }
  }

  private void store(String name, String handle) {
    try {
      doors.cluster().create(Volume.KIND, object(name, handle));
    } catch (ApiFailure.AlreadyExists _) {
      // Stored by an earlier attempt.
    }
  }

  /** The same request again tells the volume's ID, whoever has asked for it first. */
  private Verdict unmake(String name) {
    begin(name);
    return switch (doors.driver().createVolume(request(name))) {
      case Outcome.Done(var reply) -> delete(name, reply.getVolume().getVolumeId());
      case Outcome.Refused(_, var message) -> new Verdict.BackOff(message);
      case Outcome.InDoubt(_, var message) -> new Verdict.BackOff(message);
      case Outcome.NotReached(var message) -> new Verdict.BackOff(message);
    };
  }

  private Verdict delete(String name, String handle) {
    var request = DeleteVolumeRequest.newBuilder().setVolumeId(handle).build();
    if (!(doors.driver().deleteVolume(request) instanceof Outcome.Done<?>)) {
      return new Verdict.BackOff("not deleted yet");
    }
    var key = ObjectKey.cluster(name);
    var stored = doors.cluster().read(Volume.KIND, key);
    if (stored.isPresent()) {
      doors.cluster().delete(Volume.KIND, key, stored.get().meta().uid());
    }
    end(name);
    return new Verdict.Settled();
  }

  static ObjectKey claimOf(String volume) {
    return new ObjectKey("ns", volume.substring("vol-".length()));
  }

  private static CreateVolumeRequest request(String name) {
    return CreateVolumeRequest.newBuilder().setName(name).build();
  }

  private static ObjectNode object(String name, String handle) {
    var object = SimulatedCluster.object("", name);
    object.withObject("/spec/csi").put("driver", "example").put("volumeHandle", handle);
    return object;
  }
}
