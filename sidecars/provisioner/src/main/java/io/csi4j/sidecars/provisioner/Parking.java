package io.csi4j.sidecars.provisioner;

import io.csi4j.proto.csi.v1.CreateVolumeRequest;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Requests that the driver has called invalid. The same one is not made again for a while: it would
 * be no better. Another one is, as soon as claim, class or whatever else it is made of changes.
 */
final class Parking {
  private final Map<ObjectKey, Parked> parked = new ConcurrentHashMap<>();

  private record Parked(String classUid, CreateVolumeRequest request, long untilNanos) {}

  void park(ObjectKey claim, String classUid, CreateVolumeRequest request, long untilNanos) {
    parked.put(claim, new Parked(classUid, request, untilNanos));
  }

  /** How long this request is still to wait; missing where it need not. */
  @Nullable Duration left(
      ObjectKey claim, String classUid, CreateVolumeRequest request, long nowNanos) {
    var known = parked.get(claim);
    if (known == null) {
      return null;
    }
    var left = known.untilNanos() - nowNanos;
    if (left > 0 && known.classUid().equals(classUid) && known.request().equals(request)) {
      return Duration.ofNanos(left);
    }
    parked.remove(claim);
    return null;
  }

  void forget(ObjectKey claim) {
    parked.remove(claim);
  }
}
