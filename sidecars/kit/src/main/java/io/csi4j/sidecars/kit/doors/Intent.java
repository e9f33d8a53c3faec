package io.csi4j.sidecars.kit.doors;

import com.google.protobuf.ByteString;
import io.csi4j.proto.csi.v1.CreateVolumeRequest;
import java.util.List;

/**
 * What is about to be done for a claim: enough to do it again, word by word.
 *
 * @param name the name that the driver is given; no two intents share one
 * @param request the whole request without the values of secrets
 * @param secrets where those values are found
 * @param note what its owner needs besides to finish the work after a crash; no secrets either
 */
public record Intent(
    String name, Claimant claim, ByteString request, List<ObjectKey> secrets, String note) {

  public Intent {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("an intent needs a name");
    }
    secrets = List.copyOf(secrets);
  }

  /** Without a note. */
  public Intent(String name, Claimant claim, ByteString request, List<ObjectKey> secrets) {
    this(name, claim, request, secrets, "");
  }

  public Intent withNote(String text) {
    return new Intent(name, claim, request, secrets, text);
  }

  /** The claim as it was then; one of the same name and another UID is another claim. */
  public record Claimant(ObjectKey key, String uid) {}

  /** Whatever secrets the request has stay out. */
  public static Intent of(CreateVolumeRequest request, Claimant claim, List<ObjectKey> secrets) {
    var bytes = request.toBuilder().clearSecrets().build().toByteString();
    return new Intent(request.getName(), claim, bytes, secrets);
  }

  /** Not the request: class parameters are nobody's business. */
  @Override
  public String toString() {
    return "Intent[%s for %s]".formatted(name, claim.key());
  }
}
