package io.csi4j.e2e.sandbox.actors.binding;

import io.csi4j.e2e.sandbox.actors.view.Claim;
import io.csi4j.e2e.sandbox.actors.view.StorageClass;
import io.csi4j.e2e.sandbox.actors.view.Volume;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What decides about a claim.
 *
 * @param storageClass missing where the claim names none, or one that is not there
 * @param named the volume that the claim names
 * @param reserved a volume that names the claim
 * @param fitting volumes that nobody has and that would do
 */
record ClaimFacts(
    Claim claim,
    @Nullable StorageClass storageClass,
    @Nullable Volume named,
    @Nullable Volume reserved,
    List<Volume> fitting) {

  ClaimFacts {
    fitting = List.copyOf(fitting);
  }
}
