package io.csi4j.sidecars.kit.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.csi4j.sidecars.kit.doors.Intent;
import io.csi4j.sidecars.kit.doors.ObjectKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Optional;

/** An intent as text: one value of a ConfigMap, to be read by people, too. */
final class IntentText {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Told from versions to come, which will be left alone. */
  private static final int VERSION = 1;

  private IntentText() {}

  static String of(Intent intent) {
    var object = JSON.createObjectNode();
    object.put("version", VERSION).put("name", intent.name());
    var key = intent.claim().key();
    object
        .putObject("claim")
        .put("namespace", key.namespace())
        .put("name", key.name())
        .put("uid", intent.claim().uid());
    var secrets = object.putArray("secrets");
    for (var secret : intent.secrets()) {
      secrets.addObject().put("namespace", secret.namespace()).put("name", secret.name());
    }
    object.put("request", Base64.getEncoder().encodeToString(intent.request().toByteArray()));
    if (!intent.note().isEmpty()) {
      object.put("note", intent.note());
    }
    return object.toString();
  }

  /** Empty where it is not an intent of this version. */
  static Optional<Intent> read(String text) {
    try {
      var object = JSON.readTree(text);
      if (object.path("version").asInt() != VERSION) {
        return Optional.empty();
      }
      var secrets = new ArrayList<ObjectKey>();
      for (var secret : object.path("secrets")) {
        secrets.add(new ObjectKey(secret.path("namespace").asText(), secret.path("name").asText()));
      }
      var claim = object.path("claim");
      return Optional.of(
          new Intent(
              object.path("name").asText(),
              new Intent.Claimant(
                  new ObjectKey(claim.path("namespace").asText(), claim.path("name").asText()),
                  claim.path("uid").asText()),
              ByteString.copyFrom(Base64.getDecoder().decode(object.path("request").asText())),
              secrets,
              object.path("note").asText("")));
    } catch (JsonProcessingException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
