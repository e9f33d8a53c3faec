package io.csi4j.sidecars.provisioner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.csi4j.proto.csi.v1.CreateVolumeRequest;
import io.csi4j.proto.csi.v1.CreateVolumeResponse;
import io.csi4j.proto.csi.v1.DeleteVolumeRequest;
import io.csi4j.proto.csi.v1.Volume;
import io.csi4j.sidecars.kit.cluster.Claim;
import io.csi4j.sidecars.kit.cluster.Secret;
import io.csi4j.sidecars.kit.doors.ApiFailure;
import io.csi4j.sidecars.kit.doors.Outcome;
import io.csi4j.sidecars.provisioner.Made.Done;
import io.csi4j.sidecars.provisioner.Made.Failed;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries an {@link Attempt} through: intent, call, object, end of the intent. Whatever happens in
 * between, the attempt stays among the unfinished until it is known that there is no volume, or
 * that it has its object.
 */
final class VolumeMaker {
  private static final Logger log = LoggerFactory.getLogger(VolumeMaker.class);
  private static final int CLEAN_UP_TRIES = 5;

  private final Doors doors;
  private final VolumeObject objects;
  private final Unfinished unfinished;

  VolumeMaker(Doors doors, VolumeObject objects, Unfinished unfinished) {
    this.doors = doors;
    this.objects = objects;
    this.unfinished = unfinished;
  }

  /**
   * A new attempt: what is to be done is durable before it is done. The next leader waits for our
   * end, so nothing is begun then.
   */
  Made begin(Attempt attempt) {
    if (unfinished.closed()) {
      return new Made.Left();
    }
    var secrets = secrets(attempt);
    try {
      doors.journal().open(attempt.intent());
    } catch (ApiFailure e) {
      // It may be durable all the same; nothing was done yet, so nothing needs it.
      doors.journal().close(attempt.name());
      throw e;
    }
    return unfinished.closed() ? new Made.Left() : call(unfinished.add(attempt), secrets);
  }

  /** The same again, word by word. */
  Made goOn(Unfinished.Entry entry) {
    var made = entry.made;
    return made == null ? call(entry, secrets(entry.attempt())) : store(entry, made);
  }

  /** Neither a volume nor a call that could make one is left of it, or all is done. */
  void end(Attempt attempt) {
    unfinished.remove(attempt);
    doors.journal().close(attempt.name());
  }

  private Map<String, String> secrets(Attempt attempt) {
    var values = new TreeMap<String, String>();
    for (var key : attempt.intent().secrets()) {
      var secret =
          doors
              .cluster()
              .read(Secret.KIND, key)
              .orElseThrow(
                  () ->
                      new ApiFailure.NotFound(
                          "failed to get secret: secrets \"%s\" not found in namespace %s"
                              .formatted(key.name(), key.namespace())));
      values.putAll(secret.data());
    }
    return values;
  }

  private Made call(Unfinished.Entry entry, Map<String, String> secrets) {
    var attempt = entry.attempt();
    var request =
        secrets.isEmpty()
            ? attempt.request()
            : attempt.request().toBuilder().putAllSecrets(secrets).build();
    var known = entry.called;
    entry.called = true;
    return switch (doors.driver().createVolume(request)) {
      case Outcome.Done(var reply) -> check(entry, request, reply);
      case Outcome.InDoubt(_, var message) -> new Failed(message);
      case Outcome.NotReached(var message) -> {
        // What was known of this volume before still holds.
        entry.called = known;
        if (!known) {
          end(attempt);
        }
        yield new Failed(message);
      }
      case Outcome.Refused(var code, var message) -> {
        end(attempt);
        yield new Made.Refused(code, message);
      }
    };
  }

  /** The driver has a volume, and it may not be what was asked for. */
  private Made check(
      Unfinished.Entry entry, CreateVolumeRequest request, CreateVolumeResponse reply) {
    var volume = reply.getVolume();
    var wanted = entry.attempt().wantedBytes();
    if (volume.getVolumeId().isEmpty()) {
      return new Failed("the driver's CreateVolume answered without a volume ID");
    }
    var bytes = VolumeObject.capacityOf(entry.attempt(), volume);
    if (bytes < wanted) {
      return cleanUp(
          request,
          volume,
          "created volume capacity %d less than requested capacity %d".formatted(bytes, wanted));
    }
    if (request.hasVolumeContentSource() && !volume.hasContentSource()) {
      if (!entry.sourceSeen) {
        return cleanUp(
            request,
            volume,
            "volume content source missing in the driver's answer for " + request.getName());
      }
      log.atWarn()
          .addKeyValue("volume", request.getName())
          .log("the driver did not repeat where the volume's content is from");
    }
    entry.sourceSeen = volume.hasContentSource();
    return store(entry, volume);
  }

  private Made cleanUp(CreateVolumeRequest request, Volume volume, String reason) {
    var delete =
        DeleteVolumeRequest.newBuilder()
            .setVolumeId(volume.getVolumeId())
            .putAllSecrets(request.getSecretsMap())
            .build();
    for (var tries = 1; tries <= CLEAN_UP_TRIES; tries++) {
      if (doors.driver().deleteVolume(delete) instanceof Outcome.Done<?>) {
        return new Failed(reason);
      }
    }
    return new Failed(
        "%s. Cleanup of volume %s failed, volume is orphaned"
            .formatted(reason, volume.getVolumeId()));
  }

  private Made store(Unfinished.Entry entry, Volume volume) {
    var attempt = entry.attempt();
    // The volume is there and its object may not be: until both are, this is what is left to do.
    entry.made = volume;
    var body = objects.complete(attempt, volume);
    try {
      doors.cluster().create(io.csi4j.sidecars.kit.cluster.Volume.KIND, body);
    } catch (ApiFailure.AlreadyExists e) {
      if (!isStored(attempt, volume.getVolumeId())) {
        // Somebody else's, or on its way out: the driver is asked again when that is gone.
        entry.made = null;
        return new Failed(
            "%s, and it is not the one of volume %s"
                .formatted(e.getMessage(), volume.getVolumeId()));
      }
    } catch (ApiFailure.Invalid e) {
      return new Made.Unstorable(String.valueOf(e.getMessage()));
    }
    end(attempt);
    return new Done(body);
  }

  private boolean isStored(Attempt attempt, String handle) {
    var key = io.csi4j.sidecars.kit.doors.ObjectKey.cluster(attempt.name());
    return doors
        .cluster()
        .read(io.csi4j.sidecars.kit.cluster.Volume.KIND, key)
        .filter(stored -> !stored.meta().deleting())
        .filter(stored -> stored.csi() != null && stored.csi().handle().equals(handle))
        .filter(stored -> stored.claim() != null && stored.claim().uid().equals(attempt.claimUid()))
        .isPresent();
  }

  /** Takes the scheduler's choice of a node away, so that it chooses again. */
  void giveNodeBack(Claim claim) {
    doors
        .cluster()
        .update(
            Claim.KIND,
            claim.key(),
            object -> {
              if (object.at("/metadata/uid").asText().equals(claim.meta().uid())
                  && object.at("/metadata/annotations") instanceof ObjectNode annotations) {
                annotations.remove(Names.SELECTED_NODE);
                annotations.remove(Names.SELECTED_NODE_ALPHA);
              }
            });
  }
}
