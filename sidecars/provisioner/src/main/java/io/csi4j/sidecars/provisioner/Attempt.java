package io.csi4j.sidecars.provisioner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.InvalidProtocolBufferException;
import io.csi4j.proto.csi.v1.CreateVolumeRequest;
import io.csi4j.sidecars.kit.doors.Intent;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import org.jspecify.annotations.Nullable;

/**
 * One volume to be made: the request, and the object that will stand for it. Nothing else is looked
 * at to make it, so that a repeat is the same to the byte, whatever has become of the claim, its
 * class, its node and its snapshot meanwhile, and in whatever life of the process.
 *
 * @param request without the values of secrets
 * @param draft the volume's object without what only the driver's answer tells
 * @param snapshot the VolumeSnapshot that is kept from deletion meanwhile
 */
record Attempt(
    Intent intent, CreateVolumeRequest request, ObjectNode draft, @Nullable ObjectKey snapshot) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** {@code secrets} are in the intent. */
  static Attempt of(Intent intent, ObjectNode draft, @Nullable ObjectKey snapshot) {
    var note = JSON.createObjectNode();
    note.set("object", draft);
    if (snapshot != null) {
      note.putObject("snapshot")
          .put("namespace", snapshot.namespace())
          .put("name", snapshot.name());
    }
    return of(intent.withNote(note.toString()));
  }

  /** Throws {@link IllegalArgumentException} for an intent of another make. */
  static Attempt of(Intent intent) {
    try {
      var note = JSON.readTree(intent.note());
      if (!(note.path("object") instanceof ObjectNode draft)) {
        throw new IllegalArgumentException(intent + " has no volume object");
      }
      return new Attempt(
          intent,
          CreateVolumeRequest.parseFrom(intent.request()),
          draft,
          key(note.get("snapshot")));
    } catch (JsonProcessingException | InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(intent + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static @Nullable ObjectKey key(@Nullable JsonNode node) {
    return node == null
        ? null
        : new ObjectKey(node.path("namespace").asText(), node.path("name").asText());
  }

  String name() {
    return intent.name();
  }

  ObjectKey claim() {
    return intent.claim().key();
  }

  String claimUid() {
    return intent.claim().uid();
  }

  String className() {
    return draft.at("/spec/storageClassName").asText();
  }

  long wantedBytes() {
    return request.getCapacityRange().getRequiredBytes();
  }

  /** The kind of what the volume is filled from, empty if nothing. */
  String sourceKind() {
    return switch (request.getVolumeContentSource().getTypeCase()) {
      case SNAPSHOT -> Source.SNAPSHOT_KIND;
      case VOLUME -> Source.CLAIM_KIND;
      case TYPE_NOT_SET -> "";
    };
  }

  /** Class parameters are nobody's business. */
  @Override
  public String toString() {
    return "Attempt[" + intent + "]";
  }
}
