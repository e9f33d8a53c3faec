package io.csi4j.sidecars.kit.events;

import io.csi4j.sidecars.kit.doors.Kind;
import io.csi4j.sidecars.kit.doors.Meta;
import io.csi4j.sidecars.kit.doors.ObjectKey;

/**
 * The object that an event is about.
 *
 * @param uid with it {@code kubectl describe} tells the object from an earlier one of its name
 * @param fieldPath empty for the whole object
 */
public record Involved(
    String apiVersion,
    String kind,
    ObjectKey key,
    String uid,
    String resourceVersion,
    String fieldPath) {

  public static Involved of(Kind<?> kind, Meta meta) {
    return new Involved(
        kind.apiVersion(), kind.name(), meta.key(), meta.uid(), meta.resourceVersion(), "");
  }

  /** Where the event lives: beside its object, and somewhere where that is in no namespace. */
  String eventNamespace() {
    return key.namespace().isEmpty() ? "default" : key.namespace();
  }
}
