package io.csi4j.sidecars.provisioner;

import io.csi4j.sidecars.kit.cluster.StorageClass;
import io.csi4j.sidecars.kit.cluster.Volume;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import org.jspecify.annotations.Nullable;

/** Which secret the driver needs to delete a volume. Pure. */
sealed interface DeletionSecrets {

  record None() implements DeletionSecrets {}

  record At(ObjectKey key) implements DeletionSecrets {}

  /** The class speaks of what is not known any more. */
  record Unresolvable(String reason) implements DeletionSecrets {}

  /** {@code storageClass} is that of the volume; missing where it is gone. */
  static DeletionSecrets of(Volume volume, @Nullable StorageClass storageClass) {
    var annotations = volume.meta().annotations();
    var name = annotations.get(Names.DELETION_SECRET_NAME);
    var namespace = annotations.get(Names.DELETION_SECRET_NAMESPACE);
    if (name != null && namespace != null) {
      return name.isEmpty() || namespace.isEmpty()
          ? new None()
          : new At(new ObjectKey(namespace, name));
    }
    // A volume from before these annotations.
    if (storageClass == null || volume.claim() == null) {
      return new None();
    }
    try {
      var found =
          new SecretTemplates(storageClass.parameters())
              .resolve(
                  SecretTemplates.Purpose.PROVISIONER,
                  new SecretTemplates.Subject(volume.meta().name(), volume.claim().key(), null));
      return found == null ? new None() : new At(found);
    } catch (IllegalArgumentException e) {
      return new Unresolvable("failed to get secretreference: " + e.getMessage());
    }
  }

  /** The class that the volume is of; the old annotation counts first. */
  static String className(Volume volume) {
    return volume.meta().annotations().getOrDefault(Names.CLASS_BETA, volume.className());
  }
}
