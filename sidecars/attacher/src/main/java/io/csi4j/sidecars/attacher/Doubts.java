package io.csi4j.sidecars.attacher;

import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Attachments of which the driver has said otherwise than their status does. A doubt lasts until
 * the driver has been called and has succeeded, or the attachment is gone.
 */
final class Doubts {
  private final Set<ObjectKey> doubted = ConcurrentHashMap.newKeySet();

  void raise(ObjectKey attachment) {
    doubted.add(attachment);
  }

  void settle(ObjectKey attachment) {
    doubted.remove(attachment);
  }

  boolean about(ObjectKey attachment) {
    return doubted.contains(attachment);
  }
}
